/**
 * Where numbers live and are worked on, in batches of lanes.
 *
 * <p>A <em>lane</em> is one independent problem of a batch: same shapes, its own start and its own hyper-parameters. A single problem
 * is a batch of one. All variables of a lane lie in one flat vector described by a {@link ufm.backend.Layout}; lanes lie one behind the
 * other in a {@link ufm.backend.LaneBuffer}. A lane's result depends neither on the lanes beside it nor on the number of threads.
 */
package ufm.backend;
