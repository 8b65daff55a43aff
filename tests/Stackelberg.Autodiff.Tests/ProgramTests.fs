module Stackelberg.Autodiff.Tests.ProgramTests

open System
open System.Threading.Tasks
open Stackelberg
open Stackelberg.Kernels
open Xunit
open Stackelberg.Tests

let private vector n = DType.Float64, [| n |]

let private compile shapes late (f: Tensor list -> Tensor list) =
    Program.compile (Array.ofList shapes) (Array.ofList late) (List.ofArray >> f >> Array.ofList)

let private steps (program: Program) =
    program.PrepareSteps + program.ApplySteps

let private write (run: ProgramRun) i (values: float seq) =
    let values = Array.ofSeq values
    Array.blit values 0 (run.Input i) 0 values.Length

let private exactly (expected: float list) (actual: float[]) =
    Expect.closeTo 0.0 (Array.ofList expected) actual

[<Fact>]
let ``a program runs on the arrays of a run`` () =
    let program =
        compile [ vector 2; vector 2 ] [ false; false ] (fun x -> [ x[0] * x[1]; Tensor.sum x[0] ])

    let run = program.CreateRun()
    write run 0 [ 2.0; 3.0 ]
    write run 1 [ 10.0; 100.0 ]
    run.Execute()
    exactly [ 20.0; 300.0 ] (run.Output 0)
    exactly [ 5.0 ] (run.Output 1)

[<Fact>]
let ``a chain of elementwise ops of one shape is one step`` () =
    let chain (x: Tensor) (y: Tensor) =
        let mutable t = x

        for _ in 1..10 do
            t <- tanh (t * y + 2.0) - sin t

        t

    Assert.Equal(1, steps (compile [ vector 5; vector 5 ] [ false; false ] (fun x -> [ chain x[0] x[1] ])))

[<Fact>]
let ``elementwise ops of one count are one step, whatever their order, views and outputs`` () =
    let program =
        compile [ vector 6; vector 7 ] [ false; false ] (fun x ->
            let a = sin x[0]
            let b = cos (Tensor.reshape [ 2; 3 ] a)
            let c = exp (Tensor.slice 0 1 6 x[1])
            [ Tensor.reshape [ 6 ] b * a; c + a; c ])

    Assert.Equal(1, steps program)

[<Fact>]
let ``one entry of a fused value may be read by all entries of another`` () =
    let f (x: Tensor) =
        let s = sin x
        s * Tensor.broadcastTo [ 3 ] s[1..1]

    let x = Expect.vector [ 0.1; 0.2; 0.3 ]
    Expect.exactly ((f x).ToArray()) (Diff.jit f x)

[<Fact>]
let ``a long chain is cut into groups`` () =
    let chain (x: Tensor) =
        Seq.fold (fun t k -> t * x + float k) x [ 1..100 ]

    let count = steps (compile [ vector 5 ] [ false ] (fun x -> [ chain x[0] ]))
    Assert.InRange(count, 2, 5)

[<Fact>]
let ``the cotangents of slices are written where they belong`` () =
    let f (x: Tensor) = Tensor.sum (exp x[0..2] * sin x[3..5])

    // Both factors' gradients in one group, straight into the result: no step copies.
    let program = compile [ vector 6 ] [ false ] (fun x -> [ Diff.grad f x[0] ])
    Assert.Equal(1, steps program)

[<Fact>]
let ``work that no output needs is left out`` () =
    let program =
        compile [ vector 4 ] [ false ] (fun x ->
            Tensor.matmul (Tensor.outer x[0] x[0]) (sin x[0]) |> ignore
            [ x[0] + 1.0 ])

    Assert.Equal(1, steps program)

[<Fact>]
let ``outputs may be inputs, constants, equal, views, parts and joins of each other`` () =
    let program =
        compile [ vector 3; vector 3 ] [ false; false ] (fun x ->
            let s = x[0] + x[1]

            [
                x[0]
                Expect.vector [ 7.0; 8.0 ]
                Tensor.full [ 2 ] 5.0
                s
                s
                s[1..2]
                Tensor.concat 0 [ s; x[1]; s ]
                Tensor.reshape [ 3; 1 ] s
                (Tensor.reshape [ 1; 3 ] s).T
                Tensor.broadcastTo [ 2; 3 ] s
                Tensor.zeros [ 0 ]
            ])

    let run = program.CreateRun()
    write run 0 [ 1.0; 2.0; 3.0 ]
    write run 1 [ 10.0; 20.0; 30.0 ]
    let s = [ 11.0; 22.0; 33.0 ]

    for _ in 1..2 do
        run.Execute()
        exactly [ 1.0; 2.0; 3.0 ] (run.Output 0)
        exactly [ 7.0; 8.0 ] (run.Output 1)
        exactly [ 5.0; 5.0 ] (run.Output 2)
        exactly s (run.Output 3)
        exactly s (run.Output 4)
        exactly [ 22.0; 33.0 ] (run.Output 5)
        exactly (s @ [ 10.0; 20.0; 30.0 ] @ s) (run.Output 6)
        exactly s (run.Output 7)
        exactly s (run.Output 8)
        exactly (s @ s) (run.Output 9)
        exactly [] (run.Output 10)

[<Fact>]
let ``a run shares nothing with another run of its program`` () =
    let program = compile [ vector 2 ] [ false ] (fun x -> [ x[0] * 2.0 ])
    let first, second = program.CreateRun(), program.CreateRun()
    write first 0 [ 1.0; 2.0 ]
    write second 0 [ 5.0; 6.0 ]
    first.Execute()
    second.Execute()
    exactly [ 2.0; 4.0 ] (first.Output 0)
    exactly [ 10.0; 12.0 ] (second.Output 0)

[<Fact>]
let ``two threads run one program at once`` () =
    let network = Networks.small

    let program =
        compile [ vector network.Parameters ] [ false ] (fun x -> [ Diff.grad network.Loss x[0] ])

    let work seed =
        let run = program.CreateRun()
        let x = Expect.numbers seed network.Parameters
        write run 0 x
        let expected = (Diff.grad network.Loss (Tensor.ofArray x)).ToArray()

        for _ in 1..300 do
            run.Execute()
            Expect.closeTo 1e-14 expected (run.Output 0)

    Task.WaitAll [| for seed in 1..2 -> Task.Run(fun () -> work seed) |]

[<Fact>]
let ``two threads call one compiled function at once`` () =
    let network = Networks.small
    let gradient = Diff.jit (Diff.grad network.Loss)

    let work seed =
        let x = Tensor.ofArray (Expect.numbers seed network.Parameters)
        let expected = (Diff.grad network.Loss x).ToArray()

        for _ in 1..300 do
            Expect.near 1e-14 expected (gradient x)

    Task.WaitAll [| for seed in 1..2 -> Task.Run(fun () -> work seed) |]

[<Fact>]
let ``Execute allocates nothing`` () =
    let network = Networks.small

    let program =
        compile [ vector network.Parameters; vector network.Parameters ] [ false; true ] (fun x ->
            let a, b = x[0], x[1]

            [
                Diff.hessianv network.Loss x[0] x[1]
                Tensor.concat 0 [
                    Tensor.solve (Tensor.eye 3 * 2.0 + Tensor.outer a[0..2] a[0..2]) b[0..2]
                    a
                ]
                Tensor.gather 0 [ 0; 0; 1 ] x[1]
                Tensor.maxAxis 0 (Tensor.reshape [ 1; network.Parameters ] x[1])
            ])

    let run = program.CreateRun()
    write run 0 (Expect.numbers 1 network.Parameters)

    let bytes =
        Allocation.least (fun () ->
            for _ in 1..100 do
                run.Execute()
                run.Apply())

    Assert.Equal(0L, bytes)

[<Fact>]
let ``intermediates share one arena`` () =
    let n = 16

    let program =
        compile [ DType.Float64, [| n; n |] ] [ false ] (fun x -> [
            Seq.fold (fun t _ -> sin (Tensor.matmul t x[0])) x[0] [ 1..20 ]
        ])

    // Forty intermediates, of which no more than three live at once.
    Assert.InRange(program.ArenaSize, n * n, 3 * n * n)

[<Fact>]
let ``a Hessian's product applies less than the whole for a new direction`` () =
    let network = Networks.small
    let inputs = [ vector network.Parameters; vector network.Parameters ]
    let f (x: Tensor list) = [ Diff.hessianv network.Loss x[0] x[1] ]

    let whole, staged =
        compile inputs [ false; false ] f, compile inputs [ false; true ] f

    Assert.Equal(0, whole.ApplySteps)
    Assert.True(staged.PrepareSteps > 0)
    // Fusing ends at the border of the stages, which may split a group.
    Assert.InRange(steps staged, steps whole, steps whole + 5)
    Assert.True(staged.ApplySteps < steps whole, $"{staged.ApplySteps} of {steps whole}")

[<Fact>]
let ``Apply runs many times after one Prepare`` () =
    let network = Networks.small
    let n = network.Parameters

    let program =
        compile [ vector n; vector n ] [ false; true ] (fun x -> [
            Diff.hessianv network.Loss x[0] x[1]
            Diff.grad network.Loss x[0]
            x[1] * 2.0
        ])

    let run = program.CreateRun()

    for seed in [ 1; 2 ] do
        let x = Expect.numbers seed n
        write run 0 x
        run.Prepare()
        let gradient = (Diff.grad network.Loss (Tensor.ofArray x)).ToArray()

        for direction in 3..12 do
            let v = Expect.numbers direction n
            write run 1 v
            run.Apply()
            let expected = Diff.hessianv network.Loss (Tensor.ofArray x) (Tensor.ofArray v)
            Expect.closeTo 1e-13 (expected.ToArray()) (run.Output 0)
            Expect.closeTo 1e-13 gradient (run.Output 1)
            Expect.closeTo 0.0 (Array.map ((*) 2.0) v) (run.Output 2)

[<Fact>]
let ``late inputs may be several, and change one at a time`` () =
    let program =
        compile [ vector 2; vector 2; vector 2 ] [ false; true; true ] (fun x ->
            let kept = exp (sin x[0])
            [ kept * x[1]; kept + x[2]; x[1] * x[2]; kept ])

    let run = program.CreateRun()
    write run 0 [ 0.0; 0.0 ]
    run.Prepare()
    exactly [ 1.0; 1.0 ] (run.Output 3)

    for a, b in [ 2.0, 3.0; 2.0, 4.0; 5.0, 4.0 ] do
        write run 1 [ a; a ]
        write run 2 [ b; b ]
        run.Apply()
        exactly [ a; a ] (run.Output 0)
        exactly [ 1.0 + b; 1.0 + b ] (run.Output 1)
        exactly [ a * b; a * b ] (run.Output 2)

[<Fact>]
let ``Apply reads what Prepare left, and computes none of it again`` () =
    let program =
        compile [ vector 2; vector 2 ] [ false; true ] (fun x -> [ exp (sin x[0]) * x[1] ])

    let run = program.CreateRun()
    write run 0 [ 0.0; 0.0 ]
    run.Prepare()
    // Were the exponential computed again, this would reach the output.
    write run 0 [ nan; nan ]
    write run 1 [ 3.0; 4.0 ]
    run.Apply()
    exactly [ 3.0; 4.0 ] (run.Output 0)
    run.Prepare()
    run.Apply()
    exactly [ nan; nan ] (run.Output 0)

[<Fact>]
let ``a singular system gives NaN, and its report says breakdown`` () =
    let program =
        compile [ DType.Float64, [| 2; 2 |]; vector 2 ] [ false; false ] (fun x -> [ Tensor.solve x[0] x[1] ])

    let run = program.CreateRun()
    write run 0 [ 1.0; 2.0; 2.0; 4.0 ]
    write run 1 [ 1.0; 1.0 ]
    run.Execute()
    exactly [ nan; nan ] (run.Output 0)
    Assert.Equal(SolveStatus.Breakdown, run.Solves[0].Status)
    write run 0 [ 1.0; 2.0; 2.0; 3.0 ]
    run.Execute()
    Assert.Equal(SolveStatus.Converged, run.Solves[0].Status)
    Expect.closeTo 1e-14 [| -1.0; 1.0 |] (run.Output 0)

[<Fact>]
let ``a late input that is an output itself needs no Prepare`` () =
    let program =
        compile [ vector 2; vector 2 ] [ false; true ] (fun x -> [ x[1]; sin x[0]; Tensor.concat 0 x ])

    let run = program.CreateRun()
    write run 0 [ 0.0; 0.0 ]
    run.Prepare()
    write run 1 [ 1.0; 2.0 ]
    run.Apply()
    exactly [ 1.0; 2.0 ] (run.Output 0)
    exactly [ 0.0; 0.0 ] (run.Output 1)
    exactly [ 0.0; 0.0; 1.0; 2.0 ] (run.Output 2)

[<Fact>]
let ``a shared subexpression is computed once`` () =
    let heavy (x: Tensor) =
        Tensor.matmul (Tensor.outer x x) (sin x)

    let once = compile [ vector 4 ] [ false ] (fun x -> [ heavy x[0] ])

    let thrice =
        compile [ vector 4 ] [ false ] (fun x -> [ heavy x[0]; heavy x[0] + heavy x[0] ])

    Assert.InRange(steps thrice, steps once, steps once + 1)

[<Fact>]
let ``Hessian products share the primal`` () =
    let network = Networks.small
    let inputs = List.replicate 4 (vector network.Parameters)
    let late = List.replicate 4 false
    let product (x: Tensor list) k = Diff.hessianv network.Loss x[0] x[k]
    let one = steps (compile inputs late (fun x -> [ product x 1 ]))

    let three =
        steps (compile inputs late (fun x -> [ product x 1; product x 2; product x 3 ]))

    Assert.True(three < 3 * one - 2 * (one / 4), $"{three} steps for three, {one} for one")

[<Fact>]
let ``float32 programs read and write float32 arrays`` () =
    let program =
        compile [ DType.Float32, [| 2 |] ] [ false ] (fun x -> [
            x[0] * x[0]
            Tensor.cast DType.Float64 x[0]
        ])

    let run = program.CreateRun()
    Array.blit [| 1.5f; 3.0f |] 0 (run.Input32 0) 0 2
    run.Execute()
    Assert.Equal<float32>([| 2.25f; 9.0f |], run.Output32 0)
    exactly [ 1.5; 3.0 ] (run.Output 1)

[<Fact>]
let ``an input or output that is not there, or of the other type, is refused`` () =
    let run =
        (compile [ DType.Float32, [| 2 |] ] [ false ] (fun x -> [
            x[0] + Tensor.cast DType.Float32 (Expect.vector [ 1.0; 2.0 ])
        ]))
            .CreateRun()

    let fails expected (action: unit -> Array) =
        Expect.message<ArgumentException, _> expected action

    fails "ProgramRun.Input: input 1 does not exist; the program has 1." (fun () -> run.Input 1)
    fails "ProgramRun.Output: output -1 does not exist; the program has 1." (fun () -> run.Output -1)
    fails "ProgramRun.Output: output 1 does not exist; the program has 1." (fun () -> run.Output 1)

    fails
        "ProgramRun.Input: input 0 holds Single, not Double; Input and Output are for Float64, Input32 and Output32 for Float32."
        (fun () -> run.Input 0)

[<Fact>]
let ``late needs an entry for each input`` () =
    Expect.message<ArgumentException, _>
        "Program.compile: late has 1 entries, but 2 are needed (one for each input)."
        (fun () -> compile [ vector 1; vector 1 ] [ false ] id)
