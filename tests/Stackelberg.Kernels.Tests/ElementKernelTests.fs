module Stackelberg.Kernels.Tests.ElementKernelTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// The value of a double between 1e-9 and 4, in 28 digits: the conversion of the base library keeps 15.
let private exact (x: float) =
    let bits = BitConverter.DoubleToInt64Bits(abs x)
    let mantissa = (bits &&& 0xFFFFFFFFFFFFFL) ||| 0x10000000000000L
    let power = 1075 - int (bits >>> 52)
    let value = decimal mantissa / decimal (System.Numerics.BigInteger.Pow(2I, power))
    if x < 0.0 then -value else value

/// Σ terms in 28 digits, until a term no longer counts.
let private series (term: int -> decimal -> decimal) (first: decimal) =
    let rec add n last sum =
        let next = term n last
        if next = 0m then sum else add (n + 1) next (sum + next)

    add 1 first first

let private expm1 (x: float) =
    if abs x < 1e-9 then
        x + x * x / 2.0
    elif abs x < 3.0 then
        let x = exact x
        float (series (fun n last -> last * x / decimal (n + 1)) x)
    else
        Math.Exp x - 1.0

let private log1p (x: float) =
    if abs x < 1e-9 then
        x - x * x / 2.0
    elif abs x < 0.9 then
        let s = exact x / (2m + exact x)
        let mutable power = s
        let mutable sum = s

        for n in 1..400 do
            power <- power * s * s
            sum <- sum + power / decimal (2 * n + 1)

        float (2m * sum)
    else
        Math.Log(1.0 + x)

let private sigmoid (x: float) =
    if x >= 0.0 then
        1.0 / (1.0 + Math.Exp -x)
    else
        Math.Exp x / (1.0 + Math.Exp x)

let private softplus (x: float) =
    if Double.IsNaN x then
        x
    else
        max x 0.0 + log1p (Math.Exp(-abs x))

let private sign (x: float) =
    if x > 0.0 then 1.0
    elif x < 0.0 then -1.0
    else x

let private sechSquared (x: float) =
    let e = Math.Exp(-2.0 * abs x)
    e / ((1.0 + e) / 2.0) ** 2.0

let private inverseOnePlusSquare (x: float) =
    let r = 1.0 / x

    if abs x > 1.0 then
        r * r / (1.0 + r * r)
    else
        1.0 / (1.0 + x * x)

/// Kernel, reference in double, and how many representable numbers the two may lie apart.
let private unary: (ElementKernel * (float -> float) * float) list = [
    ElementKernels.Negate, (fun x -> -x), 0.0
    ElementKernels.Abs, Math.Abs, 0.0
    ElementKernels.Sign, sign, 0.0
    ElementKernels.Sqrt, Math.Sqrt, 0.0
    ElementKernels.Floor, Math.Floor, 0.0
    ElementKernels.Ceiling, Math.Ceiling, 0.0
    ElementKernels.Round, (fun x -> Math.Round(x, MidpointRounding.ToEven)), 0.0
    ElementKernels.Exp, Math.Exp, 2.0
    ElementKernels.Expm1, expm1, 4.0
    ElementKernels.Log, Math.Log, 2.0
    ElementKernels.Log1p, log1p, 4.0
    ElementKernels.Sin, Math.Sin, 2.0
    ElementKernels.Cos, Math.Cos, 2.0
    ElementKernels.Tan, Math.Tan, 2.0
    ElementKernels.Sinh, Math.Sinh, 2.0
    ElementKernels.Cosh, Math.Cosh, 2.0
    ElementKernels.Tanh, Math.Tanh, 4.0
    ElementKernels.Asin, Math.Asin, 2.0
    ElementKernels.Acos, Math.Acos, 2.0
    ElementKernels.Atan, Math.Atan, 2.0
    ElementKernels.Asinh, Math.Asinh, 2.0
    ElementKernels.Acosh, Math.Acosh, 2.0
    ElementKernels.Atanh, Math.Atanh, 2.0
    ElementKernels.Sigmoid, sigmoid, 4.0
    ElementKernels.Softplus, softplus, 4.0
    ElementKernels.SechSquared, sechSquared, 6.0
    ElementKernels.OneMinusSquare, (fun x -> (1.0 - x) * (1.0 + x)), 3.0
    ElementKernels.InverseOnePlusSquare, inverseOnePlusSquare, 4.0
    ElementKernels.FromFunctions("square", Func<float, float>(fun x -> x * x)), (fun x -> x * x), 0.0
]

let private truth condition = if condition then 1.0 else 0.0

let private binary: (ElementKernel * (float -> float -> float) * float) list = [
    ElementKernels.Add, (+), 0.0
    ElementKernels.Subtract, (-), 0.0
    ElementKernels.Multiply, (*), 0.0
    ElementKernels.Divide, (/), 0.0
    ElementKernels.Maximum, (fun a b -> Math.Max(a, b)), 0.0
    ElementKernels.Minimum, (fun a b -> Math.Min(a, b)), 0.0
    ElementKernels.Less, (fun a b -> truth (a < b)), 0.0
    ElementKernels.LessEqual, (fun a b -> truth (a <= b)), 0.0
    ElementKernels.Equal, (fun a b -> truth (a = b)), 0.0
    ElementKernels.NotEqual, (fun a b -> truth (a <> b)), 0.0
    ElementKernels.Share,
    (fun a b ->
        if a > b then 1.0
        elif a < b then 0.0
        elif a = b then 0.5
        else nan),
    0.0
    ElementKernels.Exceeds,
    (fun a b ->
        if a > b then 1.0
        elif a <= b then 0.0
        else nan),
    0.0
    ElementKernels.Pow, (fun a b -> Math.Pow(a, b)), 2.0
    ElementKernels.Atan2, (fun a b -> Math.Atan2(a, b)), 2.0
    ElementKernels.FromFunctions("hypot", Func<float, float, float>(fun a b -> sqrt (a * a + b * b))),
    (fun a b -> sqrt (a * a + b * b)),
    0.0
]

let private special = [|
    nan
    infinity
    -infinity
    0.0
    -0.0
    5e-324
    -5e-324
    1e-310
    1e-40
    -1e-40
    1e-20
    1.0
    -1.0
    0.5
    -0.5
    1.5
    2.5
    -2.5
    88.0
    -88.0
    104.0
    -104.0
    709.7
    710.0
    -708.5
    -745.0
    -746.0
    1e10
    -1e10
    1e22
    3e38
    -3e38
    1e300
    -1e300
    Double.MaxValue
    Double.MinValue
    Math.PI
    Math.PI / 2.0
    355.0
    1.0 - 1e-16
    -1.0 + 1e-16
|]

let private samples =
    let random = Random 5

    Array.concat [
        special
        Array.init 4000 (fun _ -> 20.0 * random.NextDouble() - 10.0)
        Array.init 4000 (fun _ ->
            (random.NextDouble() - 0.5) * Math.Pow(10.0, 40.0 * random.NextDouble() - 20.0))
        Array.init 2000 (fun _ -> BitConverter.Int64BitsToDouble(random.NextInt64()))
    ]

/// The kernel's results for operands that each fill one buffer.
let private apply dtype (kernel: ElementKernel) (operands: float[] list) =
    let count = operands.Head.Length
    let arity = operands.Length
    let register i = if i < arity then i else -1

    let step =
        Steps.Fused(
            dtype,
            count,
            Array.init arity (fun i -> Load(place i, false)),
            [| Instruction(kernel, 0, register 1, register 2, arity) |],
            [| Store(arity, place arity) |]
        )

    (run dtype step (operands @ [ Array.zeroCreate count ])).[arity]

let private check dtype (kernel: ElementKernel) (operands: float[] list) (expected: float[]) tolerance =
    let operands = operands |> List.map (rounded dtype)
    let actual = apply dtype kernel operands

    for i in 0 .. actual.Length - 1 do
        let shown = operands |> List.map (fun operand -> operand.[i])

        Assert.True(
            distance dtype expected.[i] actual.[i] <= tolerance
            && (tolerance > 0.0 || sameBits (rounded dtype [| expected.[i] |]).[0] actual.[i]),
            $"{kernel.Name} {shown} in {dtype} is {actual.[i]:R}, but {expected.[i]:R} is right"
        )

[<Fact>]
let ``functions of one operand are right everywhere`` () =
    for dtype in types do
        let inputs = rounded dtype samples

        for kernel, reference, tolerance in unary do
            Assert.Equal(1, kernel.Arity)
            check dtype kernel [ inputs ] (inputs |> Array.map reference |> rounded dtype) tolerance

[<Fact>]
let ``functions of two operands are right everywhere`` () =
    let random = Random 6
    let pairs = Array.allPairs special special

    let others =
        Array.init 3000 (fun _ -> samples.[random.Next samples.Length], samples.[random.Next samples.Length])

    let a, b = Array.append pairs others |> Array.unzip

    for dtype in types do
        let a, b = rounded dtype a, rounded dtype b

        for kernel, reference, tolerance in binary do
            Assert.Equal(2, kernel.Arity)
            check dtype kernel [ a; b ] (Array.map2 reference a b |> rounded dtype) tolerance

[<Fact>]
let ``where chooses by a condition that is not zero`` () =
    for dtype in types do
        let condition = [| 1.0; 0.0; -0.0; nan; 5.0; infinity; 0.0; -2.0; 0.0; 1.0 |]
        let b = Array.init 10 float
        let c = Array.init 10 (fun i -> -float i)

        let expected =
            Array.init 10 (fun i -> if condition.[i] <> 0.0 then b.[i] else c.[i])

        check dtype ElementKernels.Where [ condition; b; c ] expected 0.0

[<Fact>]
let ``a result's bits do not depend on its place or on the count`` () =
    let inputs = Array.append special (Array.sub samples special.Length 100)
    let others = Array.rev inputs

    for dtype in types do
        let kernels =
            (unary |> List.map (fun (kernel, _, _) -> kernel, [ inputs ]))
            @ (binary |> List.map (fun (kernel, _, _) -> kernel, [ inputs; others ]))
            @ [ ElementKernels.Where, [ inputs; others; inputs ] ]

        for kernel, operands in kernels do
            let whole = apply dtype kernel operands

            for first, count in
                [ for i in 0 .. inputs.Length - 1 -> i, 1 ]
                @ [ 1, 15; 3, 16; 5, 17; 2, 31; 7, 33 ] do
                let part =
                    apply dtype kernel (operands |> List.map (fun operand -> Array.sub operand first count))

                for i in 0 .. count - 1 do
                    Assert.True(
                        sameBits whole.[first + i] part.[i],
                        $"{kernel.Name} of element {first + i} in {dtype}: {whole.[first + i]:R} of all, {part.[i]:R} of {count}"
                    )

[<Fact>]
let ``no element beyond the count is written`` () =
    for dtype in types do
        for kernel, _, _ in unary do
            for count in [ 0; 1; 3; 8; 13; 19 ] do
                let step =
                    Steps.Fused(
                        dtype,
                        count,
                        [| Load(place 0, false) |],
                        [| Instruction(kernel, 0, -1, -1, 1) |],
                        [| Store(1, Place(1, 2)) |]
                    )

                let after = (run dtype step [ Array.create 30 0.5; Array.create 30 7.0 ]).[1]

                Assert.All(
                    Array.append after.[..1] after.[2 + count ..],
                    fun value -> Assert.Equal(7.0, value)
                )

[<Fact>]
let ``names are all different`` () =
    let names =
        (unary |> List.map (fun (kernel, _, _) -> kernel.Name))
        @ (binary |> List.map (fun (kernel, _, _) -> kernel.Name))

    Assert.Equal(names.Length, (List.distinct names).Length)
    Assert.Contains("lessEqual", names)
