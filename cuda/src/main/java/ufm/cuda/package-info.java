/**
 * The GPU side. Today it answers one question: which NVIDIA devices, which driver and which CUDA libraries are on this machine
 * ({@link ufm.cuda.CudaDevices}); the provider says honestly that there is no backend behind it yet.
 *
 * <p>The probe calls the driver through the foreign function API and touches no class that would load native code by itself, so that it
 * costs milliseconds on a machine without a GPU.
 */
package ufm.cuda;
