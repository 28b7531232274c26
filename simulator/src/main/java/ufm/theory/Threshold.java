package ufm.theory;

/**
 * A value of lambda_Z = sqrt(lambda_W lambda_H) at which the solution of a problem degenerates.
 *
 * <p>The boundary on a phase diagram is the level set {@code lambda_Z(problem) = threshold(problem)}.
 *
 * @param name {@code zero-collapse}, {@code zero-local} (focal loss), {@code minority-collapse}, {@code majority-collapse}, {@code
 *     group-collapse-<count>} (several classes of that count among more than two sizes), {@code class-zero-<k>} (k is 0-based), {@code
 *     mean-direction} (MSE with a ridge bias)
 * @param lambdaZ the value; the degeneracy holds at and above it
 * @param statement what happens there, in one sentence
 * @param reference paper or section of the formula sheet
 */
public record Threshold(String name, double lambdaZ, String statement, String reference) {}
