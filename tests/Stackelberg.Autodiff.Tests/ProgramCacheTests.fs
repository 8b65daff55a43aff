/// By itself: other tests compile much, and the cache forgets what is not in use.
[<Xunit.Collection "program cache">]
module Stackelberg.Autodiff.Tests.ProgramCacheTests

open System
open System.Threading.Tasks
open Stackelberg
open Stackelberg.Kernels
open Xunit

[<CollectionDefinition("program cache", DisableParallelization = true)>]
type Alone() = class end

/// How many expressions an action compiles on this thread.
let private compilations (action: unit -> unit) =
    let before = ProgramCache.Compilations
    action ()
    ProgramCache.Compilations - before

let private compile shapes f =
    let inputs = shapes |> Array.map (fun shape -> DType.Float64, shape)
    Program.compile inputs (Array.map (fun _ -> false) inputs) f

let private shares (a: Program) (b: Program) =
    Object.ReferenceEquals(a.Compiled, b.Compiled)

/// Equal functions, made anew at each call; the constant keeps them apart from those of other tests.
let private quadratic (constant: float) (x: Tensor[]) = [|
    let weights = Tensor.ofList [ 1.0; constant ]
    let cost x = Tensor.sum (weights * x * x) + constant
    Diff.grad cost x[0]
    cost x[0]
|]

[<Fact>]
let ``an equal function traced again compiles nothing`` () =
    let first = compile [| [| 2 |] |] (quadratic 0.8125)

    let again =
        compilations (fun () -> Assert.True(shares first (compile [| [| 2 |] |] (quadratic 0.8125))))

    Assert.Equal(0, again)

[<Fact>]
let ``other constants, shapes, types, stages, results and orders of inputs are other programs`` () =
    let f (x: Tensor[]) = [| x[0] * 0.1875 - x[1] |]
    let first = compile [| [||]; [||] |] f

    let apart (make: unit -> Program) =
        Assert.Equal(1, compilations (fun () -> Assert.False(shares first (make ()))))

    apart (fun () -> compile [| [||]; [||] |] (fun x -> [| x[0] * 0.1876 - x[1] |]))
    apart (fun () -> compile [| [| 1 |]; [||] |] f)
    apart (fun () -> compile [| [||]; [||] |] (fun x -> [| x[1] * 0.1875 - x[0] |]))
    apart (fun () -> compile [| [||]; [||] |] (fun x -> [| yield! f x; x[0] |]))
    apart (fun () -> Program.compile [| DType.Float64, [||]; DType.Float64, [||] |] [| false; true |] f)
    apart (fun () -> Program.compile [| DType.Float32, [||]; DType.Float32, [||] |] [| false; false |] f)

[<Fact>]
let ``constants are compared by their bits`` () =
    let withArray (values: float list) =
        compile [| [| 2 |] |] (fun x -> [| x[0] + Tensor.ofList values; x[0] * 0.71875 |])

    let first = withArray [ 1.5; 0.0 ]
    Assert.True(shares first (withArray [ 1.5; 0.0 ]))
    Assert.False(shares first (withArray [ 1.5; -0.0 ]))
    Assert.False(shares first (withArray [ 1.5; 0.5 ]))
    Assert.True(shares (withArray [ nan; 1.0 ]) (withArray [ nan; 1.0 ]))

[<Fact>]
let ``attributes of ops count`` () =
    let sliced start =
        compile [| [| 4 |] |] (fun x -> [| Tensor.slice 0 start 2 x[0] * 0.34375 |])

    Assert.True(shares (sliced 1) (sliced 1))
    Assert.False(shares (sliced 1) (sliced 2))

[<Fact>]
let ``a new function of equal structure is compiled once by jit`` () =
    let call () =
        Diff.jit2 (fun a b -> tanh (a * b) / 1.0625) (Tensor.scalar 2.0) (Tensor.scalar 3.0)
        |> ignore

    Assert.Equal(1, compilations call)
    Assert.Equal(0, compilations call)

[<Fact>]
let ``linear maps at many points are one program, and each is right`` () =
    let n = 100

    let f x =
        tanh (x * x) * 1.09375 + Tensor.sum x * x

    let at seed = Tensor.ofArray (Expect.numbers seed n)

    let jacobian seed () =
        let x = at seed
        let _, push = Diff.linearize f x

        let column k =
            push (Tensor.ofArray (Array.init n (fun i -> if i = k then 1.0 else 0.0)))

        let found = Tensor.stack 1 [ for k in 0 .. n - 1 -> column k ]
        let t = (tanh (x * x)).ToArray()
        let x = x.ToArray()

        let expected =
            Array.init (n * n) (fun k ->
                let i, j = k / n, k % n

                x[i]
                + (if i = j then
                       2.1875 * x[i] * (1.0 - t[i] * t[i]) + Array.sum x
                   else
                       0.0))

        Expect.near 1e-13 expected found

    Assert.Equal(1, compilations (jacobian 1))
    Assert.Equal(0, compilations (jacobian 2))

    let push seed () =
        snd (Diff.linearize f (at seed)) (at (seed + 1)) |> ignore

    push 3 ()
    Assert.Equal(0, compilations (push 4))

let private systemOf (shift: float) (x: Tensor[]) =
    let solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-10
        MaxIterations = 50
        WarmStart = false
    }

    // A body with an array of its own in it.
    let scale = Tensor.ofList [ 2.0; 3.0; 4.0 ]

    let apply v =
        scale * v * shift + x[0] * Tensor.dot x[0] v

    [| LinearSolve.solve solver apply x[1] |]

[<Fact>]
let ``solves with equal bodies are equal, solves with others are not`` () =
    let make shift =
        compile [| [| 3 |]; [| 3 |] |] (systemOf shift)

    let first = make 1.21875
    Assert.True(shares first (make 1.21875))
    Assert.False(shares first (make 1.25))

[<Fact>]
let ``programs that share have runs of their own`` () =
    let make () =
        compile [| [||] |] (fun x -> [| x[0] * 0.53125 |])

    let a, b = make().CreateRun(), make().CreateRun()
    a.Input(0)[0] <- 1.0
    b.Input(0)[0] <- 2.0
    a.Execute()
    b.Execute()
    Assert.Equal(0.53125, a.Output(0)[0])
    Assert.Equal(1.0625, b.Output(0)[0])

[<Fact>]
let ``a cache finds what is in use, and keeps no more than it may`` () =
    let cache = ProgramCache 2

    let key (constant: float) =
        let x = Expression.variable (Trace()) DType.Float64 [||]
        Canonical([| x |], [| false |], [| x * constant |])

    let compiled key = {
        Expression = key
        Prepare = [||]
        Apply = [||]
        Memory = Memory()
        FirstInput = 0
        Threads = Int32.MaxValue
    }

    let mutable made = 0

    let ask constant =
        let key = key constant

        cache.GetOrAdd(
            key,
            fun () ->
                made <- made + 1
                compiled key
        )

    let held = ask 3.0

    for round in 1..2 do
        for k in 1..1000 do
            ask (float (10 + k)) |> ignore

    GC.Collect()
    GC.WaitForPendingFinalizers()
    GC.Collect()
    let before = made
    Assert.True(Object.ReferenceEquals(held, ask 3.0))
    Assert.Equal(before, made)
    ask 11.0 |> ignore
    Assert.Equal(before + 1, made)

[<Fact>]
let ``many threads that ask for one program share it`` () =
    let programs = Array.zeroCreate<Program> 64

    Parallel.For(
        0,
        programs.Length,
        fun i -> programs[i] <- compile [| [| 3 |] |] (fun x -> [| exp (x[0] * 0.90625) |])
    )
    |> ignore

    Assert.All(programs, (fun program -> Assert.True(shares programs[0] program)))

[<Fact>]
let ``a symbol of another compilation is still refused, every time`` () =
    let stray = Expression.variable (Trace()) DType.Float64 [||]

    for _ in 1..2 do
        Assert.Throws<InvalidOperationException>(fun () ->
            compile [| [||] |] (fun x -> [| x[0] + stray |]) |> ignore)
        |> ignore

[<Fact>]
let ``a program laid out for fewer threads is not taken for more, but one for more is for fewer`` () =
    let before = Parallelism.Threads

    let compile () =
        compile [| [| 2 |] |] (quadratic 0.3125)

    try
        Parallelism.Threads <- 1
        let one = compile ()
        Parallelism.Threads <- 2
        let two = compile ()
        Assert.False(shares one two)
        Parallelism.Threads <- 1
        Assert.True(shares two (compile ()) || shares one (compile ()))
        Parallelism.Threads <- 2
        Assert.True(shares two (compile ()))
    finally
        Parallelism.Threads <- before
