namespace Stackelberg

open Stackelberg.Kernels

/// Random points of a box, the same on every machine.
module internal BoxSamples =

    /// The k-th of a seed's points: uniform between the corners.
    let point (seed: uint64) (lower: float[]) (upper: float[]) (index: int) : float[] =
        let numbers = Array.zeroCreate<float> lower.Length
        Philox(seed, uint64 index).FillUniform(numbers, 0, numbers.Length)
        Array.map3 (fun low high u -> low + (high - low) * u) lower upper numbers

    let points seed lower upper count =
        Array.init count (point seed lower upper)
