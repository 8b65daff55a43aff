/// The float32 functions over the whole range of floats.
module Stackelberg.Kernels.Tests.SingleFunctionTests

open System
open Xunit
open Stackelberg.Kernels

/// The distance between a float and an exact value, in units of the exact value's last place.
let private error (exact: float) (found: float32) =
    let nearest = float32 exact

    if Single.IsNaN nearest || Single.IsInfinity nearest || Single.IsInfinity found then
        // The largest float and infinity are neighbours: one unit apart.
        if Single.IsNaN nearest && Single.IsNaN found || nearest = found then
            0.0
        elif
            not (Single.IsNaN found)
            && abs nearest >= Single.MaxValue
            && abs found >= Single.MaxValue
            && sign nearest = sign found
        then
            1.0
        else
            infinity
    elif Single.IsNaN found then
        infinity
    else
        let magnitude = max (abs nearest) Single.MinValue

        let magnitude =
            if magnitude < 1.17549435e-38f then
                1.17549435e-38f
            else
                magnitude

        abs (float found - exact) / Math.ScaleB(1.0, Math.ILogB(float magnitude) - 23)

let private sigmoid (x: float) =
    if x >= 0.0 then
        1.0 / (1.0 + Math.Exp -x)
    else
        Math.Exp x / (1.0 + Math.Exp x)

let private expm1 (x: float) =
    if abs x < 1e-4 then
        x + x * x / 2.0 + x * x * x / 6.0
    else
        Math.Exp x - 1.0

/// Kernel, reference, the largest error measured (rounded up), and where to look at every float.
let private functions: (ElementKernel * (float -> float) * float * (float32 * float32) list) list = [
    ElementKernels.Exp, Math.Exp, 1.05, [ 88.6f, 88.8f; -104.1f, -103.8f; -87.5f, -87.2f; 48.2f, 48.3f ]
    ElementKernels.Expm1, expm1, 1.5, [ 0.34f, 0.36f; -0.36f, -0.34f; 17.0f, 17.1f; 9.9e-10f, 1.01e-9f ]
    ElementKernels.Log, Math.Log, 0.85, [ 0.99f, 1.01f; 0.70f, 0.715f; 1.41f, 1.42f ]
    ElementKernels.Tanh, Math.Tanh, 2.65, [ 0.062f, 0.063f; -0.0040f, -0.0039f; 9.0f, 10.1f ]
    ElementKernels.Sigmoid, sigmoid, 2.45, [ -4.9f, -4.8f; -104.0f, -103.0f; 15.0f, 17.5f ]
]

let private worst (kernel: ElementKernel) (reference: float -> float) (inputs: float32[]) =
    let found = Array.zeroCreate<float32> inputs.Length
    kernel.Run(&inputs.[0], &inputs.[0], &inputs.[0], &found.[0], inputs.Length)
    let mutable most = 0.0
    let mutable at = nanf

    for i in 0 .. inputs.Length - 1 do
        let e = error (reference (float inputs.[i])) found.[i]

        if e > most then
            most <- e
            at <- inputs.[i]

    struct (most, at)

[<Fact>]
let ``errors stay within the bounds in the documentation, over the whole range`` () =
    let block = Array.zeroCreate<float32> 4096

    for kernel, reference, bound, _ in functions do
        // A prime step, so that the low bits vary.
        let mutable bits = 0L

        while bits < (1L <<< 32) do
            for i in 0 .. block.Length - 1 do
                block.[i] <- BitConverter.UInt32BitsToSingle(uint32 (bits + 509L * int64 i))

            let struct (most, at) = worst kernel reference block
            Assert.True(most <= bound, $"{kernel.Name} of {at:R} is off by {most}")
            bits <- bits + 509L * int64 block.Length

[<Fact>]
let ``errors stay within the bounds at every float where they are largest`` () =
    for kernel, reference, bound, ranges in functions do
        for low, high in ranges do
            let a = BitConverter.SingleToInt32Bits low
            let b = BitConverter.SingleToInt32Bits high

            for start in min a b .. 65536 .. max a b do
                let count = min 65536 (max a b - start + 1)
                let inputs = Array.init count (fun i -> BitConverter.Int32BitsToSingle(start + i))
                let struct (most, at) = worst kernel reference inputs
                Assert.True(most <= bound, $"{kernel.Name} of {at:R} is off by {most}")

[<Fact>]
let ``special values are right, in every lane`` () =
    let cases: (ElementKernel * (float32 * float32) list) list = [
        ElementKernels.Exp,
        [
            0.0f, 1.0f
            -0.0f, 1.0f
            infinityf, infinityf
            -infinityf, 0.0f
            nanf, nanf
            89.0f, infinityf
            3.4e38f, infinityf
            -104.0f, 0.0f
            -3.4e38f, 0.0f
            1e-45f, 1.0f
        ]
        ElementKernels.Expm1,
        [
            0.0f, 0.0f
            -0.0f, -0.0f
            infinityf, infinityf
            -infinityf, -1.0f
            nanf, nanf
            1e-45f, 1e-45f
            -1e-45f, -1e-45f
        ]
        ElementKernels.Log,
        [
            1.0f, 0.0f
            0.0f, -infinityf
            -0.0f, -infinityf
            -1.0f, nanf
            -1e-45f, nanf
            -infinityf, nanf
            infinityf, infinityf
            nanf, nanf
            1e-45f, -103.27893f
        ]
        ElementKernels.Tanh,
        [
            0.0f, 0.0f
            -0.0f, -0.0f
            infinityf, 1.0f
            -infinityf, -1.0f
            nanf, nanf
            1e-45f, 1e-45f
            -1e-45f, -1e-45f
            20.0f, 1.0f
        ]
        ElementKernels.Sigmoid,
        [
            0.0f, 0.5f
            -0.0f, 0.5f
            infinityf, 1.0f
            -infinityf, 0.0f
            nanf, nanf
            -200.0f, 0.0f
            200.0f, 1.0f
        ]
    ]

    for kernel, values in cases do
        for x, expected in values do
            for lane in 0..18 do
                let inputs = Array.init 19 (fun i -> if i = lane then x else 0.25f)
                let found = Array.zeroCreate<float32> 19
                kernel.Run(&inputs.[0], &inputs.[0], &inputs.[0], &found.[0], 19)

                Assert.True(
                    Memory.sameBits (float expected) (float found.[lane]),
                    $"{kernel.Name} of {x:R} in lane {lane} is {found.[lane]:R}, not {expected:R}"
                )
