/** Where variables live: manifolds (Euclidean space is the first) and convex sets. */
package ufm.manifold;
