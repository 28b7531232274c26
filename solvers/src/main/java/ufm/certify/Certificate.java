package ufm.certify;

/**
 * A bound on f - f* at a point of the full problem: {@code lower <= f* <= f <= lower + gap}, rounding included.
 *
 * @param available whether there is a rigorous lower bound; where not, {@code lower}, {@code gap} and what follows from them are NaN
 * @param kind {@code duality-gap}, {@code strong-convexity} or {@code none}
 * @param reason why there is none, or what limits it (for example d too small for the gap to close); empty if nothing does
 * @param value f at the point
 * @param lower rigorous lower bound of f*, rounding already subtracted
 * @param gap {@code f - lower} plus the rounding of f: an upper bound of f - f*
 * @param relativeGap {@code gap / (f(0) - lower)}, f(0) the value at W = H = 0 with its best bias. Where f(0) - lower is at most
 *     1e-14 times |f(0)| plus the rounding, zero itself is optimal to rounding and the scale is meaningless: then it is 0 if the gap is
 *     that small too, else {@code gap/|f(0)|}. For a fixed classifier it is {@code gap / (f(0) - lower)} as well
 * @param zeroValue f(0)
 * @param rounding bound on the rounding in f and in the dual value, already part of {@code lower} and {@code gap}
 * @param gradSpectralNorm {@code |G|_2}, G = df/dZ (K x N) with the factor 1/N
 * @param lambdaZ {@code sqrt(lambdaW lambdaH)}
 * @param dualScale factor s of the recipe D7, 1 where the repaired G is feasible
 * @param recipeDual the dual value of the recipe D7 in plain floating point (not rigorous; {@code lower} is at least as tight, up to rounding,
 *     at any point)
 * @param recipeSpectralNorm spectral norm of the repaired G before scaling
 * @param nuclearNorm {@code |W H|_*}
 * @param nuclearPrimal {@code fit + lambdaZ |W H|_* + lambdaB/2 |b|^2}; at least f* only if d is at least the rank of the minimiser
 * @param criticality norm of the gradient of f over the sum of the norms of its terms
 * @param globallyOptimal whether the point is certified: relative gap at most {@link DualityGap#CERTIFIED}, or gap at most
 *     1e-14 |f(0)|, which is f's own rounding (just beyond a threshold f(0) - f* is smaller than that resolves)
 * @param verdict one sentence for people
 */
public record Certificate(
    boolean available,
    String kind,
    String reason,
    double value,
    double lower,
    double gap,
    double relativeGap,
    double zeroValue,
    double rounding,
    double gradSpectralNorm,
    double lambdaZ,
    double dualScale,
    double recipeDual,
    double recipeSpectralNorm,
    double nuclearNorm,
    double nuclearPrimal,
    double criticality,
    boolean globallyOptimal,
    String verdict) {}
