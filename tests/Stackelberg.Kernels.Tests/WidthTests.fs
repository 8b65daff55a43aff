module Stackelberg.Kernels.Tests.WidthTests

open System
open System.Diagnostics
open System.Reflection
open System.Runtime.CompilerServices
open Stackelberg.Kernels
open Xunit

type private Unary<'T> = delegate of byref<'T> * byref<'T> * int -> unit
type private Binary<'T> = delegate of byref<'T> * byref<'T> * byref<'T> * int -> unit
type private Ternary<'T> = delegate of byref<'T> * byref<'T> * byref<'T> * byref<'T> * int -> unit

/// Numbers of every size with those that are special.
let private operands seed count =
    let random = Random(seed: int)

    let special = [|
        0.0
        -0.0
        1.0
        -1.0
        nan
        infinity
        -infinity
        Double.Epsilon
        -1e-310
        1e-40
        -1.4e-45
        89.0
        -104.0
        710.0
        -745.0
        1048577.0
        1e300
        -3e38
    |]

    Array.init count (fun i ->
        match i % 4 with
        | 0 -> special[random.Next special.Length]
        | 1 -> 2.0 * random.NextDouble() - 1.0
        | 2 -> 200.0 * random.NextDouble() - 100.0
        | _ ->
            float (sign (random.NextDouble() - 0.5))
            * exp (1400.0 * (random.NextDouble() - 0.5)))

/// What a kernel's loop gives with vectors of a width.
let private ofWidth<'T> (kernel: ElementKernel) (operator: Type) (vector: Type) (x: 'T[][]) =
    let loop =
        match kernel.Arity with
        | 1 -> "UnaryLoop`2"
        | 2 -> "BinaryLoop`2"
        | _ -> "TernaryLoop`2"

    let run =
        typeof<ElementKernel>
            .Assembly.GetType($"Stackelberg.Kernels.{loop}", true)
            .MakeGenericType(typeof<'T>, operator)
            .GetMethods()
        |> Array.find (fun method -> method.Name = "Run" && method.IsGenericMethod)

    let run = run.MakeGenericMethod(vector.MakeGenericType typeof<'T>)
    let result: 'T[] = Array.zeroCreate x[0].Length

    match kernel.Arity with
    | 1 -> run.CreateDelegate<Unary<'T>>().Invoke(&x[0].[0], &result[0], result.Length)
    | 2 -> run.CreateDelegate<Binary<'T>>().Invoke(&x[0].[0], &x[1].[0], &result[0], result.Length)
    | _ ->
        run.CreateDelegate<Ternary<'T>>().Invoke(&x[0].[0], &x[1].[0], &x[2].[0], &result[0], result.Length)

    result

[<Fact>]
let ``every elementwise function gives the same bits with vectors of 512, 256 and 128 bits`` () =
    let kernels =
        typeof<ElementKernels>.GetFields()
        |> Array.map (fun field -> field.GetValue null)
        |> Array.filter (fun value -> value.GetType().IsGenericType)
        |> Array.choose (function
            | :? ElementKernel as kernel when kernel.GetType().GetGenericArguments().Length = 2 -> Some kernel
            | _ -> None)

    Assert.InRange(kernels.Length, 25, 60)
    let doubles = Array.init 3 (fun seed -> operands seed 1003)
    let singles = doubles |> Array.map (Array.map float32)
    // Which of two NaN a sum keeps is the compiler's choice.
    let bits64 x =
        if Double.IsNaN x then
            -1L
        else
            BitConverter.DoubleToInt64Bits x

    let bits32 x =
        if Single.IsNaN x then
            -1
        else
            BitConverter.SingleToInt32Bits x

    for kernel in kernels do
        let operators = kernel.GetType().GetGenericArguments()

        let of64 vector =
            ofWidth kernel operators[0] vector doubles |> Array.map bits64

        let of32 vector =
            ofWidth kernel operators[1] vector singles |> Array.map bits32

        for narrower in [ typedefof<Simd256<float>>; typedefof<Simd128<float>> ] do
            Assert.True(
                (of64 typedefof<Simd512<float>> = of64 narrower),
                $"{kernel.Name}, {narrower.Name}, double"
            )

            Assert.True(
                (of32 typedefof<Simd512<float>> = of32 narrower),
                $"{kernel.Name}, {narrower.Name}, float"
            )

/// A product by tiles of every height, some of them cut at the right.
let private checkPanels<'V when 'V: struct and 'V :> ISimd<'V, float>> () =
    let panels = Panels<float, 'V>()

    for m in 1..26 do
        for n in [ 1; 3; 8; 13; 16; 33 ] do
            for k in [ 1; 2; 7; 1030 ] do
                let a = Array.init (m * k) (fun i -> float (i % 7) - 3.0)
                let b = Array.init (k * n) (fun i -> float (i % 5) - 2.0)

                for transposed in [ false; true ] do
                    let left =
                        if transposed then
                            Array.init (m * k) (fun i -> a[i % m * k + i / m])
                        else
                            a

                    let layout =
                        if transposed then
                            Matrix(Place(), 1, m)
                        else
                            Matrix(Place(), k, 1)

                    let right = Matrix(Place(), n, 1)
                    let c = Array.create (m * n + 8) nan
                    let scratch = Array.create (1 + panels.Scratch(m, k, n, layout, right)) nan
                    panels.Multiply(m, k, n, &left[0], layout, &b[0], right, &c[0], &scratch[0])

                    let expected =
                        Array.init (m * n) (fun i ->
                            let mutable sum = 0.0

                            for p in 0 .. k - 1 do
                                sum <- sum + a[i / n * k + p] * b[p * n + i % n]

                            sum)

                    Assert.Equal<float[]>(expected, c[.. m * n - 1])
                    Assert.All(c[m * n ..], fun entry -> Assert.True(Double.IsNaN entry))

[<Fact>]
let ``products are right with vectors of every width, and write nothing beside them`` () =
    checkPanels<Simd512<float>>()
    checkPanels<Simd256<float>>()
    checkPanels<Simd128<float>>()

/// The runtime keeps a struct in registers up to 128 bytes; beyond, a product takes ten times as long.
[<Fact>]
let ``a row of the widest tile stays in registers`` () =
    Assert.InRange(Unsafe.SizeOf<Simd512<float>>() * Tiles<float, Simd512<float>>.Widest, 64, 128)

    for columns in [ 1; 17; 25; 33; 64 ] do
        let product =
            SmallProduct<float, Simd512<float>>(
                5,
                4,
                columns,
                Matrix(Place(0, 0), 4, 1),
                Matrix(Place(1, 0), columns, 1)
            )

        let a = Array.init 20 (fun i -> float (i % 7) - 3.0)
        let b = Array.init (4 * columns) (fun i -> float (i % 5) - 2.0)
        let c = Array.create (5 * columns + 1) nan
        product.Multiply(&a[0], &b[0], &c[0], &c[0])

        for i in 0..4 do
            for j in 0 .. columns - 1 do
                Assert.Equal(
                    Seq.sum (Seq.init 4 (fun p -> a[4 * i + p] * b[columns * p + j])),
                    c[columns * i + j]
                )

        Assert.True(Double.IsNaN c[5 * columns])

/// A process with narrower vectors cannot be made of this one: the runtime fixes their width when it starts.
[<Theory>]
[<InlineData("DOTNET_EnableAVX512", "0")>]
[<InlineData("DOTNET_PreferredVectorBitWidth", "256")>]
[<InlineData("DOTNET_PreferredVectorBitWidth", "128")>]
let ``the kernels are right with narrower vectors too`` (variable: string, value: string) =
    let info =
        ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

    info.Environment[variable] <- value

    for argument in
        [
            "exec"
            Assembly.GetExecutingAssembly().Location
            "-class"
            "*.ConvolutionTests"
            "-class"
            "*.MatMulTests"
            "-class"
            "*.ElementKernelTests"
            "-class"
            "*.FusedTests"
        ] do
        info.ArgumentList.Add argument

    use child = Process.Start info
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    Assert.True((child.ExitCode = 0), output + errors.Result)
    Assert.DoesNotContain("Total: 0,", output)
