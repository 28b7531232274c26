/**
 * What theory says about the optimum of a one-layer model: values, Gram matrices, margins and the penalties at which solutions degenerate.
 *
 * <p>Everything here is computed from the closed forms and from scalar equations, on plain arrays. It reads {@code ufm.problem} and nothing
 * else of this project: a prediction that shares code with what it checks checks nothing. Section numbers in brackets, (A2) for example, are
 * those of the formula sheet of this project; lz stands for lambda_Z = sqrt(lambda_W lambda_H).
 */
package ufm.theory;
