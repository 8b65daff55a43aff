/// Loops against the same loops written out, against closed forms, and what they cost.
module Stackelberg.Autodiff.Tests.LoopTests

open System
open System.Threading.Tasks
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Tests
open Xunit

let private scalar = Tensor.scalar

let private unrolled count (body: Tensor -> Tensor) (start: Tensor) =
    Seq.fold (fun s _ -> body s) start (seq { 1..count })

let private keeping checkpoints count body start =
    (Loop.scanN checkpoints count [||] (fun _ s _ -> [| body s[0] |], [||]) [| start |]
     |> fst)[0]

/// A charged particle in a plane: an electric field, a magnetic one across the plane, and a charge at the origin. The
/// parameters are the field's two components, the magnetic field and the charge.
module private Particle =

    let private h = 0.01
    let start = Tensor.ofList [ 1.0; 0.0; 0.0; 0.5 ]
    let parameters = Tensor.ofList [ 0.1; 0.2; 0.7; -0.4 ]

    let step (p: Tensor) (s: Tensor) =
        let x, v = s[0..1], s[2..3]
        let distance = sqrt (Tensor.sum (x * x) + 0.1)
        let turned = Tensor.stack 0 [ v[1]; -v[0] ]
        let force = p[0..1] + p[2] * turned + p[3] * x / (distance * distance * distance)
        let v = v + h * force
        Tensor.concat 0 [ x + h * v; v ]

    let cost loop count (p: Tensor) =
        let s: Tensor = loop count (step p) start
        let miss = s[0..1] - Tensor.ofList [ 0.5; 1.0 ]
        Tensor.sum (miss * miss) + 0.01 * Tensor.sum (p * p)

let private compiled count (f: Tensor -> Tensor) =
    Program.compile [| DType.Float64, [| count |] |] [| false |] (fun x -> [| f x[0] |])

/// Derivatives of orders 1 to 3 by every nesting of the modes, of a scalar function of four numbers.
let private derivatives: (string * ((Tensor -> Tensor) -> Tensor -> Tensor)) list =
    let v = Tensor.ofList [ 1.0; 0.5; -1.0; 0.3 ]
    let along (f: Tensor -> Tensor) x = Diff.gradv f x v
    let slope f x = Tensor.dot (Diff.grad f x) v

    [
        "reverse", Diff.grad
        "forward", along
        "forward of reverse", (fun f x -> Diff.hessianv f x v)
        "reverse of reverse", (fun f -> Diff.grad (slope f))
        "reverse of forward", (fun f -> Diff.grad (along f))
        "forward of forward", (fun f -> along (along f))
        "the Hessian", Diff.hessian
        "forward of forward of forward", (fun f -> along (along (along f)))
        "forward of forward of reverse", (fun f x -> Diff.jacobianv (fun x -> Diff.hessianv f x v) x v)
        "reverse of forward of reverse", (fun f -> Diff.grad (fun x -> Tensor.dot (Diff.hessianv f x v) v))
        "reverse of reverse of forward", (fun f -> Diff.grad (slope (along f)))
        "reverse of reverse of reverse", (fun f -> Diff.grad (slope (slope f)))
        "forward of reverse of reverse", (fun f -> along (slope (slope f)))
    ]

let orders =
    derivatives
    |> List.map (fun (name, _) -> TheoryDataRow<string>(name))
    |> Array.ofList

let private close (bound: float) (expected: Tensor) (found: Tensor) =
    let scale = expected.ToArray() |> Array.fold (fun most x -> max most (abs x)) 1.0
    Assert.Equal<int[]>(expected.Shape, found.Shape)

    Array.iter2
        (fun e f -> Assert.InRange(f, e - bound * scale, e + bound * scale))
        (expected.ToArray())
        (found.ToArray())

[<Theory; MemberData(nameof orders)>]
let ``a particle's derivatives are those of its steps written out, whatever is kept`` (name: string) =
    let derivative = derivatives |> List.find (fst >> (=) name) |> snd
    let count = 11
    let p = Particle.parameters
    let expected = Diff.jit (derivative (Particle.cost unrolled count)) p

    for checkpoints in [ Checkpoints.Auto; Checkpoints.All; Checkpoints.Every 1; Checkpoints.Every 4 ] do
        let found = derivative (Particle.cost (keeping checkpoints) count)
        close 1e-11 expected (found p)
        close 1e-11 expected (Diff.jit found p)

[<Fact>]
let ``compound interest has its closed form's derivatives of orders 1 to 4, in both modes`` () =
    let growth (rate: Tensor) =
        Loop.scan 10 (fun money -> money + rate * money) (scalar 1.0)

    let rec reverse n f =
        if n = 0 then f else Diff.grad (reverse (n - 1) f)

    let r = scalar 0.1
    let mutable factor = 1.0

    for n in 0..4 do
        let expected = factor * 1.1 ** float (10 - n)
        Expect.near 1e-13 [ expected ] (Diff.diffn n growth r)
        Expect.near 1e-13 [ expected ] (reverse n growth r)
        factor <- factor * float (10 - n)

[<Fact>]
let ``powers of random matrices are loops' states, and their derivatives the transposes'`` () =
    let law (seed: int) =
        let random = Random seed
        let n, count = random.Next(1, 5), random.Next(0, 40)
        let a = Expect.ofShape [ n; n ] (Expect.numbers seed (n * n) |> Array.map ((*) 0.5))

        let x, w =
            Tensor.ofArray (Expect.numbers (seed + 1) n), Tensor.ofArray (Expect.numbers (seed + 2) n)

        let power = unrolled count (Tensor.matmul a) (Tensor.eye n)
        let loop = keeping (Checkpoints.Every(random.Next(1, 9))) count (Tensor.matmul a)
        close 1e-13 (Tensor.matmul power x) (loop x)
        close 1e-13 (Tensor.matmul power.T w) (Diff.jacobianTv loop x w)
        close 1e-13 (Tensor.matmul power w) (Diff.jacobianv loop x w)

    Law.forSeeds 60 law

[<Fact>]
let ``what a body uses is found and differentiated: parameters, inputs, the start`` () =
    let loss (w: Tensor) (xs: Tensor) (start: Tensor) =
        let last, outputs =
            Loop.collectOver xs (fun s x -> tanh (Tensor.matmul w s + x), Tensor.sum (s * x)) start

        Tensor.sum last + Tensor.dot outputs outputs

    let written (w: Tensor) (xs: Tensor) (start: Tensor) =
        let mutable s, total = start, scalar 0.0

        for k in 0 .. xs.Shape[0] - 1 do
            let y = Tensor.sum (s * xs[k])
            total <- total + y * y
            s <- tanh (Tensor.matmul w s + xs[k])

        Tensor.sum s + total

    let w = Expect.ofShape [ 3; 3 ] (Expect.numbers 1 9)
    let xs = Expect.ofShape [ 6; 3 ] (Expect.numbers 2 18)
    let start = Tensor.ofArray (Expect.numbers 3 3)

    for wrap in [ id; Diff.jit ] do
        close
            1e-13
            (Diff.grad (fun w -> written w xs start) w)
            (wrap (Diff.grad (fun w -> loss w xs start)) w)

        close
            1e-13
            (Diff.grad (fun xs -> written w xs start) xs)
            (wrap (Diff.grad (fun xs -> loss w xs start)) xs)

        close 1e-13 (Diff.grad (written w xs) start) (wrap (Diff.grad (loss w xs)) start)

[<Fact>]
let ``each entry of a batch ends by its own condition, and keeps its state`` () =
    let collatz (x: Tensor) =
        Loop.untilN
            Checkpoints.Auto
            (fun s -> Tensor.lessEqual s[0] (scalar 1.0))
            200
            (fun s ->
                let half = 0.5 * s[0]
                [| Tensor.where (Tensor.equal half (floor half)) half (3.0 * s[0] + 1.0) |])
            [| x |]

    let steps = Diff.vmap (collatz >> snd)
    let starts = Tensor.ofList [ 1.0; 2.0; 3.0; 7.0; 27.0; 64.0 ]
    // The numbers of steps to 1: A006577.
    Expect.exactly [ 0.0; 1.0; 7.0; 16.0; 111.0; 6.0 ] (steps starts)
    Expect.exactly [ 0.0; 1.0; 7.0; 16.0; 111.0; 6.0 ] (Diff.jit steps starts)
    Expect.exactly (Array.create 6 1.0) (Diff.vmap (fun x -> (fst (collatz x))[0]) starts)

[<Fact>]
let ``Newton's iteration for a root has the root's derivatives, one by one and as a batch`` () =
    let root (a: Tensor) =
        Loop.until (fun x -> Tensor.less (abs (x * x - a)) (1e-13 * a)) 60 (fun x -> 0.5 * (x + a / x)) a

    let points = [ 0.01; 2.0; 9.0; 1e4 ]

    for mode in [ Diff.grad; Diff.diff ] do
        for n, expected in [ 0, sqrt; 1, (fun a -> 0.5 / sqrt a); 2, (fun a -> -0.25 / (a * sqrt a)) ] do
            let rec derivative n f =
                if n = 0 then f else mode (derivative (n - 1) f)

            let found = derivative n root

            for a in points do
                Expect.near 1e-9 [ expected a ] (found (scalar a))

            Expect.near 1e-9 (List.map expected points) (Diff.vmap found (Tensor.ofList points))
            Expect.near 1e-9 (List.map expected points) (Diff.jit (Diff.vmap found) (Tensor.ofList points))

[<Fact>]
let ``a loop may solve systems, and a system's map may be a loop`` () =
    let solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-14
        MaxIterations = 100
        WarmStart = false
    }

    let m = Expect.ofShape [ 9; 9 ] (Expect.numbers 5 81)

    let a (p: Tensor) =
        Tensor.matmul m m.T + Tensor.diag (2.0 + p)

    let p = Tensor.ofArray (Expect.numbers 6 9)

    let solving solve (p: Tensor) =
        Tensor.sum (Loop.scan 3 (fun s -> solve p (sin s + p)) (Tensor.ones [ 9 ]))

    let byProducts (p: Tensor) b =
        LinearSolve.solve solver (fun v -> Tensor.matmul m (Tensor.matmul m.T v) + (2.0 + p) * v) b

    let dense p b = Tensor.solve (a p) b
    close 1e-10 (solving dense p) (solving byProducts p)
    close 1e-10 (Diff.grad (solving dense) p) (Diff.grad (solving byProducts) p)
    close 1e-10 (Diff.hessian (solving dense) p) (Diff.jit (Diff.hessian (solving byProducts)) p)

    let looped (p: Tensor) b =
        LinearSolve.solve
            solver
            (fun v -> Loop.scan 2 (fun s -> s * (2.0 + p) + Tensor.broadcastTo [ 9 ] (Tensor.sum s)) v)
            b

    let squared (p: Tensor) b =
        let one = Tensor.diag (2.0 + p) + Tensor.ones [ 9; 9 ]
        Tensor.solve one (Tensor.solve one b)

    let loss solve (p: Tensor) = Tensor.sum (p * solve p p)

    let general = {
        solver with
            Method = LinearMethod.Gmres 30
    }

    ignore general
    close 1e-10 (loss squared p) (loss looped p)

[<Fact>]
let ``products with a loop's Hessian are linear maps, whatever stands still at first`` () =
    let solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-14
        MaxIterations = 100
        WarmStart = false
    }

    // Linear in the state, begun at 0, driven by the parameters; quadratic and more in the parameters.
    let losses: (string * ((Tensor -> Tensor) -> Tensor -> Tensor)) list = [
        "linear",
        fun squash p ->
            let drive (x: Tensor, v: Tensor) = x + 0.1 * v, v + 0.1 * (p - x)
            let x, v = Loop.scan2 12 drive (Tensor.zeros [ 9 ], Tensor.zeros [ 9 ])
            Tensor.sum (squash x ** 2) + Tensor.sum (v * v) + Tensor.sum (p * p)
        "with factors",
        fun squash p ->
            let x =
                Loop.scan 12 (fun x -> 0.9 * x + 0.05 * p * squash x + p) (Tensor.zeros [ 9 ])

            0.1 * Tensor.sum (x * x) + 9.0 * Tensor.sum (p * p)
    ]

    let b = Tensor.ofArray (Expect.numbers 8 9)
    let p = 0.2 * Tensor.ofArray (Expect.numbers 9 9)

    for _, loss in losses do
        for squash in [ id; tanh ] do
            let solve p =
                LinearSolve.solve solver (Diff.hessianv (loss squash) p) b

            let expected p =
                Tensor.solve (Diff.hessian (loss squash) p) b

            close 1e-10 (expected p) (solve p)
            close 1e-10 (Diff.jacobian expected p) (Diff.jit (Diff.jacobian solve) p)

[<Fact>]
let ``a loop may search for roots, one by one and as a batch`` () =
    let steps loop (p: Tensor) : Tensor =
        loop 3 (fun s -> Diff.root (fun (y: Tensor) -> y * y * y + y - s - p) s) (2.0 * p)

    let loss loop p = Tensor.sum (steps loop p)
    let p = Tensor.ofList [ 0.3; 1.5 ]
    close 1e-11 (steps unrolled p) (steps Loop.scan p)
    close 1e-11 (Diff.grad (loss unrolled) p) (Diff.grad (loss Loop.scan) p)
    close 1e-11 (Diff.hessian (loss unrolled) p) (Diff.jit (Diff.hessian (loss Loop.scan)) p)
    close 1e-11 (steps unrolled p) (Diff.vmap (steps Loop.scan) p)
    close 1e-11 (Diff.grad (loss unrolled) p) (Diff.vmap (Diff.grad (loss Loop.scan)) p)

[<Fact>]
let ``the worst report of a solve in a loop is left, not the last one`` () =
    let solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-12
        MaxIterations = 50
        WarmStart = false
    }

    // Indefinite in the first steps alone.
    let program =
        Program.compile [| DType.Float64, [| 12 |] |] [| false |] (fun x -> [|
            Loop.scanIndexed
                5
                (fun k s ->
                    let shift = Tensor.where (Tensor.less k (scalar 2.0)) (scalar -3.0) (scalar 3.0)

                    let d = shift + Tensor.linspace 0.0 5.0 12

                    let solve =
                        LinearSolve.solve solver (fun v ->
                            d * v + 0.1 * Tensor.broadcastTo [ 12 ] (Tensor.sum v))

                    0.1 * s + solve x[0])
                (Tensor.zeros [ 12 ])
        |])

    let run = program.CreateRun()
    run.Input(0).AsSpan().Fill 1.0
    run.Execute()
    Assert.Equal(SolveStatus.NegativeCurvature, (Assert.Single run.Solves).Status)

[<Fact>]
let ``neither the program nor its memory for a derivative grows with the count but by its square root`` () =
    let measure count =
        let program = compiled 4 (Diff.grad (Particle.cost Loop.scan count))
        program.PrepareSteps, program.ArenaSize

    let steps, memory =
        [| 10_000; 40_000; 160_000 |] |> Array.map measure |> Array.unzip

    Assert.Single(Array.distinct steps) |> ignore

    // Four times the count, twice the memory.
    for i in 0..1 do
        Assert.InRange(float memory[i + 1] / float memory[i], 1.5, 2.1)

    // Two rows of √count states of 4, their segments' lengths, and cotangents.
    Assert.InRange(memory[2], 400, 3 * 400 * 4)

    let kept interval =
        (compiled 4 (Diff.grad (Particle.cost (keeping interval) 10_000))).ArenaSize

    Assert.InRange(kept Checkpoints.All, 40_000, 41_000)
    Assert.InRange(kept (Checkpoints.Every 10), 4_000, 6_000)

[<Fact>]
let ``a loop's gradient takes no more work to derive and to compile for a thousand times the count`` () =
    // The work is told by what it allocates, which no load on the machine changes.
    let work count =
        let before = GC.GetAllocatedBytesForCurrentThread()

        compiled 4 (Diff.grad (Particle.cost (keeping (Checkpoints.Every 7)) count))
        |> ignore

        float (GC.GetAllocatedBytesForCurrentThread() - before)

    work 20 |> ignore
    // In turn, and of different counts, so that no program is found ready.
    let works = Array.init 15 (fun i -> work (31 + i), work (41_000 + i))
    let median of' = (Array.sort (Array.map of' works))[7]
    let short, long = median fst, median snd
    Assert.True(long < 2.0 * short, $"{short} bytes for 31 steps, {long} bytes for 41,000")

[<Fact>]
let ``running a loop's derivative allocates nothing`` () =
    let program =
        compiled 4 (Diff.grad (Particle.cost (keeping (Checkpoints.Every 5)) 23))

    let run = program.CreateRun()
    Particle.parameters.ToArray().CopyTo(run.Input 0, 0)

    for _ in 1..100 do
        run.Execute()

    Assert.Equal(0L, Allocation.least (fun () -> run.Execute()))

    let ending =
        compiled 3 (fun x ->
            Diff.grad
                (fun x ->
                    Tensor.sum (
                        Loop.until
                            (fun s -> Tensor.less (scalar 9.0) (Tensor.max s))
                            50
                            (fun s -> 1.5 * s)
                            x
                    ))
                x)

    let run = ending.CreateRun()
    run.Input(0).AsSpan().Fill 1.0

    for _ in 1..100 do
        run.Execute()

    Assert.Equal(0L, Allocation.least (fun () -> run.Execute()))

[<Fact>]
let ``one program runs on many threads at once, with the same bits`` () =
    let program = compiled 4 (Diff.grad (Particle.cost Loop.scan 200))

    let answer i =
        let run = program.CreateRun()
        Particle.parameters.ToArray().CopyTo(run.Input 0, 0)
        run.Input(0)[3] <- -0.01 * float i

        for _ in 1..20 do
            run.Execute()

        Array.copy (run.Output 0)

    let alone = Array.init 8 answer
    let together = Array.zeroCreate 8
    Parallel.For(0, 8, (fun i -> together[i] <- answer i)) |> ignore
    Assert.Equal<float[][]>(alone, together)

[<Fact>]
let ``draws are inputs: a walk's end is the sum of its steps`` () =
    let draws = Tensor.randn 7UL [ 50; 2 ]

    let walk (σ: Tensor) =
        Loop.scanOver draws (fun s z -> s + σ * z) (Tensor.zeros [ 2 ])

    let total = Tensor.sumAxis 0 draws
    close 1e-13 (0.3 * total) (walk (scalar 0.3))
    close 1e-13 total (Diff.diff walk (scalar 0.3))

[<Fact>]
let ``no steps give the start, with derivative one, and no outputs`` () =
    let x = Tensor.ofList [ 1.0; 2.0 ]
    Expect.exactly [ 1.0; 2.0 ] (Loop.scan 0 sin x)
    Expect.exactly [ 1.0; 1.0 ] (Diff.grad (fun x -> Tensor.sum (Loop.scan 0 sin x)) x)
    let last, outputs = Loop.collect 0 (fun s -> sin s, Tensor.sum s) x
    Expect.exactly [ 1.0; 2.0 ] last
    Expect.shape [ 0 ] outputs
    Expect.shape [ 1; 2 ] (Loop.path 0 sin x)
    let always _ = scalar 1.0
    Expect.exactly [ 1.0; 2.0 ] (Loop.until always 0 sin x)
    Expect.exactly [ 1.0; 1.0 ] (Diff.grad (fun x -> Tensor.sum (Loop.until always 5 sin x)) x)

[<Fact>]
let ``a loop in float32 stays in it`` () =
    let x = Tensor.cast DType.Float32 (Tensor.ofList [ 0.5; 0.25 ])

    let f (x: Tensor) =
        Tensor.sum (Loop.scan 3 (fun s -> s * s + x) x)

    Assert.Equal(DType.Float32, (f x).DType)
    Assert.Equal(DType.Float32, (Diff.grad f x).DType)
    Expect.near 1e-6 ((Diff.grad f (Tensor.cast DType.Float64 x)).ToArray()) (Diff.grad f x)

[<Fact>]
let ``a loop that reaches its limit says so: to the caller with numbers, in the report of a run`` () =
    let double limit (x: Tensor) =
        Loop.until (fun s -> Tensor.less (scalar 100.0) s) limit (fun s -> 2.0 * s) x

    let error =
        Assert.Throws<InvalidOperationException>(fun () -> double 5 (scalar 1.0) |> ignore)

    Assert.Equal(
        "Loop.until: the loop's condition was not met within its limit of 5 steps; raise the limit, or loosen the condition. The reports of a compiled program (Program.compile, ProgramRun.Solves) come with the state that was reached.",
        error.Message
    )

    let program =
        Program.compile [| DType.Float64, [||] |] [| false |] (fun x -> [| double 5 x[0] |])

    let run = program.CreateRun()

    for start, expected, status, steps in
        [
            1.0, 32.0, SolveStatus.OutOfSteps, 5
            4.0, 128.0, SolveStatus.Ended, 5
            50.0, 200.0, SolveStatus.Ended, 2
            101.0, 101.0, SolveStatus.Ended, 0
        ] do
        run.Input(0)[0] <- start
        run.Execute()
        Assert.Equal(expected, run.Output(0)[0])
        let report = Assert.Single run.Solves
        Assert.Equal(status, report.Status)
        Assert.Equal(steps, report.Iterations)

let private fails expected (action: unit -> 'a) =
    Expect.message<ArgumentException, _> expected action

[<Fact>]
let ``wrong loops are told what was found, what is needed and how to mend it`` () =
    let x = Tensor.zeros [ 2 ]

    fails "Loop.scan: the count is -1, but it must be at least 0: it is a number of steps." (fun () ->
        Loop.scan -1 id x)

    fails
        "Loop.scan: the next state has shape [2; 2], but [2] is needed (the start's shape: every step begins with what the last one gave); reshape or broadcast one of the two."
        (fun () -> Loop.scan 3 (fun s -> Tensor.outer s s) x)

    fails
        "Loop.scan2: part 1 of the next state has shape [], but [2] is needed (the start's shape: every step begins with what the last one gave); reshape or broadcast one of the two."
        (fun () -> Loop.scan2 3 (fun (a, b) -> a, Tensor.sum b) (x, x))

    fails
        "Loop.scan: the next state is Float32, but Float64 is needed (the start's type); convert one of the two with Tensor.cast."
        (fun () -> Loop.scan 3 (Tensor.cast DType.Float32) x)

    fails
        "Loop.scanN: the body gives 1 parts of the next state, but the state has 2; give one for each, in the same order."
        (fun () -> Loop.scanN Checkpoints.All 3 [||] (fun _ s _ -> [| s[0] |], [||]) [| x; x |])

    fails "Loop.scanN: the state has no parts, but at least one tensor is needed." (fun () ->
        Loop.scanN Checkpoints.All 3 [||] (fun _ s _ -> s, [||]) [||])

    fails
        "Loop.scanN: the input has shape [2], but a first axis of 3 is needed (one row for each step)."
        (fun () -> Loop.scanN Checkpoints.All 3 [| x |] (fun _ s _ -> s, [||]) [| x |])

    fails
        "Loop.scanN: Checkpoints.Every is given 0, but it must be at least 1: the number of steps from one kept state to the next."
        (fun () -> Loop.scanN (Checkpoints.Every 0) 3 [||] (fun _ s _ -> s, [||]) [| x |])

    fails
        "Loop.scanOver: the inputs are a scalar [], but a first axis is needed: one row for each step, shape [count; …]."
        (fun () -> Loop.scanOver (scalar 1.0) (fun s _ -> s) x)

    fails "Loop.until: the limit is -2, but it must be at least 0: it is a number of steps." (fun () ->
        Loop.until Tensor.sum -2 id x)

    fails
        "Loop.until: the condition has shape [2], but a scalar [] is needed (1 where the loop is to end, 0 elsewhere); take one entry, or Tensor.min or max of all."
        (fun () -> Loop.until id 2 id x)

    fails
        "Loop.scan: the count is 16777217, but a loop in Float32 can count to 16777216; make one part of the state Float64 with Tensor.cast."
        (fun () -> Loop.scan 16777217 id (Tensor.cast DType.Float32 x))

    let error =
        Assert.Throws<InvalidOperationException>(fun () ->
            Loop.scan 3 (fun s -> if float s[0] > 0.0 then s else -s) x |> ignore)

    Assert.Equal(
        "float: this tensor (shape []) is a symbol: a cost is being differentiated or compiled, or a loop's body read, and its numbers are not known yet. To choose between two values write Tensor.where condition a b; to look at numbers, call the function on numbers.",
        error.Message
    )

/// A program's results at the first run, and when its loops have run so often that they are emitted.
let private firstAndLate (program: Program) (input: float[]) =
    let run = program.CreateRun()
    input.CopyTo(run.Input 0, 0)
    run.Execute()

    let read () =
        Array.init program.OutputCount (run.Output >> Array.copy)

    let first = read ()

    for _ in 1..400 do
        run.Execute()

    first, read ()

[<Fact>]
let ``a loop of single numbers has the same bits when it has become one method`` () =
    /// A recurrence with an input and an output in every step.
    let recurrent (p: Tensor) =
        let rows =
            Tensor.outer (Tensor.ofArray (Array.init 200 (fun i -> Math.Sin(float i)))) p[0..1]

        let state, outputs =
            Loop.scanN
                Checkpoints.Auto
                200
                [| rows |]
                (fun i s row ->
                    let next = tanh (p[2] * s[0] + row[0] + 0.01 * i)
                    [| next |], [| next * p[3] |])
                [| Tensor.ofList [ 0.1; -0.2 ] |]

        Tensor.sum (state[0] * state[0]) + 0.1 * Tensor.sum (outputs[0] * outputs[0])

    for cost in [ Particle.cost Loop.scan 200; recurrent ] do
        for name, derivative in derivatives |> List.truncate 5 do
            let program = compiled 4 (derivative cost)
            let first, late = firstAndLate program (Particle.parameters.ToArray())

            for k in 0 .. first.Length - 1 do
                Assert.True(Array.forall2 (fun (a: float) b -> a.Equals b) first[k] late[k], name)

            Assert.Equal(0L, Allocation.least (program.CreateRun()).Execute)
