/// What a game's maps, runs, ensembles and flows say of linear solves that fail, and of followers whose curvature is not
/// positive definite.
module Stackelberg.Dsl.Tests.SolveOutcomeTests

open System
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Xunit

/// A leader of two entries and a follower of n with a random symmetric second derivative, and D₂f₁ that depends on the point
/// or not: then the inner solve is one of constants.
let private quadratic seed n isConstant (bend: float) =
    let random = Random seed
    let noise () = 2.0 * random.NextDouble() - 1.0
    let raw = Array2D.init n n (fun _ _ -> noise ())

    let s =
        Array2D.init n n (fun i j -> (raw[i, j] + raw[j, i]) / 2.0 + (if i = j then bend else 0.0))

    let b = Array2D.init n 2 (fun _ _ -> noise ())
    let c = Array.init n (fun _ -> noise ())
    let x, y = Player.vector "x" 2, Player.vector "y" n
    let S, B, C = Tensor.ofArray2D s, Tensor.ofArray2D b, Tensor.ofArray c

    let game =
        Game.create "quadratic" [
            [
                x,
                fun q ->
                    Tensor.dot q[x] q[x]
                    + Tensor.dot C q[y]
                    + (if isConstant then
                           Tensor.scalar 0.0
                       else
                           Tensor.dot q[y] q[y])
            ]
            [
                y,
                (fun q ->
                    0.5 * Tensor.dot q[y] (Tensor.matmul S q[y])
                    + Tensor.dot q[y] (Tensor.matmul B q[x]))
            ]
        ]

    let at = Array.init (n + 2) (fun _ -> noise ())

    /// Df₁ = 2 x − Bᵀ S⁻¹ (c + 2 y).
    let right =
        let d2f1 =
            Array.init n (fun i -> c[i] + (if isConstant then 0.0 else 2.0 * at[i + 2]))

        let w = (Tensor.solve S (Tensor.ofArray d2f1)).ToArray()

        Array.init 2 (fun j -> 2.0 * at[j] - Seq.sum (seq { for i in 0 .. n - 1 -> b[i, j] * w[i] }))

    game, Tensor.ofArray at, right

let private ofSolver solver =
    Conjecture.bestResponse |> Conjecture.withSolver solver

let sizes = [|
    for n in [ 1; 2; 4; 8; 9; 20; 60; 100 ] do
        for isConstant in [ true; false ] do
            TheoryDataRow<int, bool>(n, isConstant)
|]

[<Theory; MemberData(nameof sizes)>]
let ``an indefinite follower's total gradient is right by default, and other solvers say where they fail``
    (n: int, isConstant: bool)
    =
    let game, x, right = quadratic 1 n isConstant 0.0
    Check.close 1e-8 right ((Game.omegaS game x).ToArray()[..1])

    // Every other solver is right, or hands out nothing.
    for name, solver in Solver.all do
        let conjecture = ofSolver solver
        let value, reports = Game.fieldWithSolves conjecture game x

        if reports |> Array.forall (fun report -> report.Status = SolveStatus.Converged) then
            Check.close 1e-7 right (value.ToArray()[..1])
            Check.close 0.0 (value.ToArray()) ((Game.field conjecture game x).ToArray())
        else
            Assert.DoesNotContain(name, [ "dense"; "minres" ])

            Assert.Contains(
                "did not converge",
                Check.invalidMessage (fun () -> Game.field conjecture game x |> ignore)
            )

    // ω_S is affine, so J_S is its difference.
    let J = (Game.JS game x).ToArray()
    let step = Tensor.ofArray (Array.init (n + 2) (fun i -> 0.1 * cos (float i)))
    let there = (Game.omegaS game (x + step)).ToArray()
    let here = (Game.omegaS game x).ToArray()
    let s = step.ToArray()

    let along =
        Array.init (n + 2) (fun i -> Seq.sum (seq { for j in 0 .. n + 1 -> J[i * (n + 2) + j] * s[j] }))

    Check.close 1e-7 (Array.map2 (-) there here) along

[<Fact>]
let ``a solver that was chosen and fails says so wherever its number is handed out`` () =
    for isConstant in [ true; false ] do
        let game, x, _ = quadratic 1 20 isConstant 0.0

        let solvers = [
            "cg", Solver.cg
            "minres 3", Solver.withMaxIterations 3 Solver.minres
            "gmres 2", Solver.withMaxIterations 2 Solver.gmres
            "bicgstab 2", Solver.withMaxIterations 2 Solver.bicgstab
            "lsmr 3", Solver.withMaxIterations 3 Solver.lsmr
            "neumann 5", Solver.withMaxIterations 5 (Solver.neumann 0.1)
        ]

        for name, solver in solvers do
            let conjecture = ofSolver solver

            for map in [ Game.field; Game.jacobian ] do
                let message = Check.invalidMessage (fun () -> map conjecture game x |> ignore)
                Assert.True(message.Contains "did not converge", $"{name}: {message}")

            let _, reports = Game.fieldWithSolves conjecture game x
            Assert.NotEqual(SolveStatus.Converged, (Assert.Single reports).Status)

            let settings = {
                Learn.settings with
                    Steps = 3
                    Rates = [ Rate.constant 1e-3 ]
            }

            let run = game |> Learn.run (Rule.stackelberg conjecture) settings x
            Assert.Equal(3L, run.Solves.Count)
            Assert.Equal(3L, run.Solves.FellShort)
            Assert.Contains("3 of 3 inner solves fell short", string run)
            Assert.True(run.Solves.UpdateError > 1e-6, $"{name}: {run.Solves}")

            let together =
                game
                |> Ensemble.run (Rule.stackelberg conjecture) settings (Tensor.stack 0 [ x; 0.5 * x ])

            Assert.True(together.Solves.FellShort > 0L)

            let flow =
                game
                |> Flow.run { Flow.settings with Until = 0.01 } (Direction.ofConjecture conjecture) x

            Assert.Equal(flow.Solves.Count, flow.Solves.FellShort)
            Assert.Contains("inner solves fell short", string flow)

[<Fact>]
let ``by default runs, ensembles and flows solve indefinite systems and say that they are`` () =
    for n in [ 1; 3; 8; 9; 30 ] do
        for isConstant in [ true; false ] do
            // The trace is negative, so that the matrix is not positive definite for any n.
            let game, x, right = quadratic 2 n isConstant -0.7

            let settings = {
                Learn.settings with
                    Steps = 4
                    Rates = [ Rate.constant 1e-4 ]
            }

            let run = game |> Learn.run (Rule.stackelberg Conjecture.bestResponse) settings x
            Assert.Equal(0L, run.Solves.FellShort)
            Assert.Equal(4L, run.Solves.IndefiniteSteps)

            Assert.Contains(
                "in 4 of 4 steps the followers' second derivatives were not positive definite",
                string run
            )

            let moved = run.Trajectory[1]
            let start = x.ToArray()
            Check.close 1e-6 right (Array.init 2 (fun i -> (start[i] - moved[i]) / 1e-4))

            let together =
                game
                |> Ensemble.run (Rule.stackelberg Conjecture.bestResponse) settings (Tensor.stack 0 [ x; x ])

            Assert.Equal(0L, together.Solves.FellShort)

            if n <= 8 then
                Assert.Equal<int[]>([| 4; 4 |], together.IndefiniteSteps)
            else
                Assert.True(together.Solves.NegativeCurvature > 0L)

            let flow =
                game
                |> Flow.run
                    { Flow.settings with Until = 0.01 }
                    (Direction.ofConjecture Conjecture.bestResponse)
                    x

            Assert.Equal(int64 flow.Steps, flow.Solves.IndefiniteSteps)
            Assert.Contains("were not positive definite", string flow)

[<Fact>]
let ``a convex follower is said nothing of, nor are rules that believe in no answer`` () =
    for n in [ 1; 3; 8; 9; 30 ] do
        for isConstant in [ true; false ] do
            let convex, x, _ = quadratic 3 n isConstant (2.0 * float n)

            let settings = {
                Learn.settings with
                    Steps = 3
                    Rates = [ Rate.constant 1e-3 ]
            }

            let run = convex |> Learn.run (Rule.stackelberg Conjecture.bestResponse) settings x
            Assert.Equal(0L, run.Solves.IndefiniteSteps)
            Assert.DoesNotContain("positive definite", string run)
            let concave, x, _ = quadratic 3 n isConstant -2.0

            for rule in [ Rule.simultaneous; Rule.stackelberg (Conjecture.gradientStep 0.1) ] do
                let run = concave |> Learn.run rule settings x
                Assert.Equal(0L, run.Solves.IndefiniteSteps)

[<Fact>]
let ``curvature is looked at whatever solves the system`` () =
    let solvers = ("auto", Solver.auto) :: Solver.all

    for n in [ 1; 2; 5; 8; 12; 40 ] do
        let game, x, _ = quadratic 5 n false -0.7

        /// Above eight entries that interact it is the solver that tells, if it meets curvature.
        let tells name =
            n <= 8 || List.contains name [ "auto"; "dense"; "cg"; "minres" ]

        for name, solver in solvers |> List.filter (fst >> tells) do
            let run =
                game
                |> Learn.run
                    (Rule.stackelberg (ofSolver solver))
                    {
                        Learn.settings with
                            Steps = 2
                            Rates = [ Rate.constant 1e-4 ]
                    }
                    x

            Assert.True((run.Solves.IndefiniteSteps = 2L), $"{name}, {n}: {run}")

    // Entries that do not interact, of any number; what is added to the curvature does not hide it.
    for n in [ 3; 12; 40 ] do
        let x, y = Player.scalar "x", Player.vector "y" n

        let curvatures =
            Tensor.ofArray (Array.init n (fun i -> if i = 1 then -0.5 else 1.0))

        let game =
            Game.create "separable" [
                [
                    x, (fun q -> q[x] * q[x] + Tensor.sum q[y] * q[x] + Tensor.sum (q[y] * q[y]))
                ]
                [
                    y, (fun q -> 0.5 * Tensor.sum (curvatures * q[y] * q[y]) + Tensor.sum q[y] * q[x])
                ]
            ]

        for conjecture in [ Conjecture.bestResponse; Conjecture.regularized 2.0 ] do
            let run =
                game
                |> Learn.run
                    (Rule.stackelberg conjecture)
                    {
                        Learn.settings with
                            Steps = 2
                            Rates = [ Rate.constant 1e-4 ]
                    }
                    (Tensor.ofArray (Array.create (n + 1) 0.3))

            Assert.Equal(2L, run.Solves.IndefiniteSteps)

[<Fact>]
let ``several followers, deeper levels and bounds are each judged in what they may do`` () =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"

    let run (game: Game) at =
        game
        |> Learn.run
            (Rule.stackelberg Conjecture.bestResponse)
            {
                Learn.settings with
                    Steps = 1
                    Rates = [ Rate.constant 1e-3 ]
            }
            (Tensor.ofList at)

    let cost (own: Player) sign (q: Strategies) =
        0.5 * sign * q[own] * q[own] + 0.3 * q[own] * (q[a] + q[b] + q[c])

    let indefinite levels at =
        (run (Game.create "levels" levels) at).Solves.IndefiniteSteps

    let at = [ 0.1; 0.2; 0.3 ]
    Assert.Equal(0L, indefinite [ [ a, cost a 1.0 ]; [ b, cost b 1.0; c, cost c 1.0 ] ] at)
    Assert.Equal(1L, indefinite [ [ a, cost a 1.0 ]; [ b, cost b 1.0; c, cost c -1.0 ] ] at)
    Assert.Equal(0L, indefinite [ [ a, cost a 1.0 ]; [ b, cost b 1.0 ]; [ c, cost c 1.0 ] ] at)
    Assert.Equal(1L, indefinite [ [ a, cost a 1.0 ]; [ b, cost b -1.0 ]; [ c, cost c 1.0 ] ] at)
    // A leader's own curvature is none of a follower's.
    Assert.Equal(0L, indefinite [ [ a, cost a -1.0 ]; [ b, cost b 1.0 ]; [ c, cost c 1.0 ] ] at)
    // A follower that its bound holds has no curvature that matters.
    let x, y = Player.scalar "x", Player.scalar "y" |> Player.bounded 0.0 1.0

    let boxed =
        Game.create "boxed" [
            [ x, (fun q -> q[x] * q[x] + q[x] * q[y]) ]
            [ y, (fun q -> -(q[y] * q[y]) - 3.0 * q[y] + 0.1 * q[x] * q[y]) ]
        ]

    Assert.Equal(0L, (run boxed [ 0.1; 1.0 ]).Solves.IndefiniteSteps)
    Assert.Equal(1L, (run boxed [ 0.1; 0.5 ]).Solves.IndefiniteSteps)

[<Fact>]
let ``the steps of indefinite curvature of a run that goes on where it was saved are those of the whole`` () =
    let game, x, _ = quadratic 2 3 false -0.7

    let settings = {
        Learn.settings with
            Steps = 6
            Rates = [ Rate.constant 1e-4 ]
    }

    let rule = Rule.stackelberg Conjecture.bestResponse
    let first = game |> Learn.start rule settings x
    first.Advance 2
    let run = game |> Learn.resume rule settings (first.Save())
    run.Advance 4
    Assert.Equal(6L, run.Finish().Solves.IndefiniteSteps)

[<Fact>]
let ``a comparison's rows carry how their solves went`` () =
    let game, x, _ = quadratic 2 12 false -0.7

    let rows =
        game
        |> Comparison.run
            {
                Comparison.settings with
                    Rules = [|
                        Rule.stackelberg Conjecture.bestResponse
                        Rule.stackelberg (ofSolver Solver.cg)
                    |]
                    Rate = 1e-3
                    Steps = 50
            }
            x

    Assert.Equal(0L, rows[0].Solves.FellShort)
    Assert.True(rows[0].Solves.IndefiniteSteps > 0L)
    Assert.True(rows[1].Solves.FellShort > 0L)
    Assert.Contains("inner solves fell short", string rows[1])

/// A security game: the attacker's mixed strategy makes its costs concave in one direction at the start.
[<Fact>]
let ``a run says at how many of its steps the followers' curvature was not positive definite`` () =
    let value = Tensor.ofList [ 5.0; 3.0; 2.0; 1.0 ]
    let d, a = Player.vector "defender" 4, Player.vector "attacker" 4
    let p (q: Strategies) = Tensor.softmax q[a]

    let gain (q: Strategies) =
        Tensor.sum (p q * value * (1.0 - Tensor.softmax q[d]))

    let entropy (x: Tensor) = -(Tensor.sum (x * log x))

    let security =
        game "security" {
            leader d (fun q -> gain q + 1e-3 * Tensor.sum (q[d] ** 2.0))
            follower a (fun q -> -(gain q + 0.5 * entropy (p q)) + 1e-3 * Tensor.sum (q[a] ** 2.0))
        }

    let run =
        security
        |> Learn.run
            (Rule.stackelberg (Conjecture.regularized 0.01))
            { Learn.settings with Steps = 100 }
            (Tensor.zeros [ 8 ])

    // The least eigenvalue of D₂²f₂ along the run, by the Jacobian of simultaneous play.
    let isIndefinite (x: float[]) =
        let J = (Game.J security (Tensor.ofArray x)).ToArray()
        let block = Array2D.init 4 4 (fun i j -> J[(i + 4) * 8 + j + 4])

        let symmetric =
            MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfArray block

        (symmetric.Evd MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric).EigenValues
        |> Seq.exists (fun value -> value.Real <= 0.0)

    let expected = run.Trajectory[..99] |> Array.filter isIndefinite |> Array.length
    Assert.InRange(expected, 5, 95)
    Assert.Equal(int64 expected, run.Solves.IndefiniteSteps)
    Assert.Contains($"in {expected} of 100 steps", string run)

/// ω_S of a chain, each player coupled to the next, by elimination from the lowest level up with second derivatives alone.
let private chainByHand k (q: float[]) =
    // Player i minimises (x_i − 1)² + 0.3 x_i x_{i+1}: the gradients are affine, G_i = r_i · x + s_i.
    let rows = Array2D.zeroCreate k k
    let constants = Array.zeroCreate k

    for i in k - 1 .. -1 .. 0 do
        let partial j =
            // D_j f_i as coefficients of the entries and a constant.
            let row = Array.zeroCreate k
            let next = (i + 1) % k

            if j = i then
                row[i] <- row[i] + 2.0
                row[next] <- row[next] + 0.3
                row, -2.0
            elif j = next then
                row[i] <- row[i] + 0.3
                row, 0.0
            else
                row, 0.0

        let own, constant = partial i
        let below = k - 1 - i

        if below = 0 then
            for j in 0 .. k - 1 do
                rows[i, j] <- own[j]

            constants[i] <- constant
        else
            // (D_ℓ G_ℓ)ᵀ w = e for each of D_ℓ f_i's entries; the reaction is −(D_ℓ G_ℓ)⁻¹ D_i G_ℓ.
            let lower = Array2D.init below below (fun r c -> rows[i + 1 + r, i + 1 + c])
            let toward = Array.init below (fun r -> rows[i + 1 + r, i])

            let reaction =
                (Tensor.solve (Tensor.ofArray2D lower) (Tensor.ofArray toward)).ToArray()
                |> Array.map (~-)

            let total, shift = Array.copy own, ref constant

            for r in 0 .. below - 1 do
                let row, constant = partial (i + 1 + r)

                for j in 0 .. k - 1 do
                    total[j] <- total[j] + reaction[r] * row[j]

                shift.Value <- shift.Value + reaction[r] * constant

            for j in 0 .. k - 1 do
                rows[i, j] <- total[j]

            constants[i] <- shift.Value

    Array.init k (fun i -> constants[i] + Seq.sum (seq { for j in 0 .. k - 1 -> rows[i, j] * q[j] }))

let private chain k coupling =
    let players = List.init k (fun i -> Player.scalar $"p%d{i}")

    Game.create
        "chain"
        (players
         |> List.mapi (fun i p -> [
             p, fun (q: Strategies) -> (q[p] - 1.0) * (q[p] - 1.0) + coupling q[p] q[players[(i + 1) % k]]
         ]))

[<Theory>]
[<InlineData 2>]
[<InlineData 3>]
[<InlineData 5>]
[<InlineData 9>]
[<InlineData 12>]
[<InlineData 30>]
[<InlineData 100>]
let ``a chain of coupled levels is eliminated level by level, in little memory`` (k: int) =
    let game = chain k (fun own next -> 0.3 * own * next)
    let q = Array.init k (fun i -> 0.1 + 0.05 * float i)
    let before = GC.GetAllocatedBytesForCurrentThread()
    let found = Game.omegaS game (Tensor.ofArray q)
    let allocated = GC.GetAllocatedBytesForCurrentThread() - before
    Check.close 1e-12 (chainByHand k q) (found.ToArray())
    // Twelve levels once took 11 GB. A hundred have 4,950 systems of up to 99 unknowns.
    Assert.InRange(allocated, 0L, (64L <<< 20) * max 1L (pown (int64 k) 3 / 20_000L))

[<Fact>]
let ``a level whose answer a bound holds is as one that does not move, for all levels above`` () =
    let a, b, d = Player.scalar "a", Player.vector "b" 2, Player.scalar "d"
    let c = Player.vector "c" 2
    let held = Player.bounded 0.25 4.0 c
    let at = Tensor.ofList [ 0.25; 0.25 ]

    let costs (c: Strategies -> Tensor) =
        let costA (q: Strategies) =
            (q[a] - 1.0) ** 2.0 + Tensor.sum (sin (q[a] * q[b])) + q[d] * q[a]

        let costB (q: Strategies) =
            Tensor.sum (q[b] ** 2.0 + cosh (q[b] - c q) * q[d] + 0.3 * q[b] * q[a])

        let costD (q: Strategies) =
            (q[d] - 0.4) ** 2.0
            + 0.1 * q[d] ** 4.0
            + 0.2 * q[d] * Tensor.sum (q[b] * c q) * q[a]

        costA, costB, costD

    let free =
        let costA, costB, costD = costs (fun _ -> at)
        Game.create "three" [ [ (a, costA) ]; [ (b, costB) ]; [ (d, costD) ] ]

    let bounded =
        let costA, costB, costD = costs (fun q -> q[held])

        // It would go below its bound, whatever the others do.
        let costC (q: Strategies) =
            Tensor.sum (q[held] ** 2.0 + 5.0 * q[held] + 0.01 * q[held] * q[b])
            + 0.01 * q[d]

        Game.create "four" [ [ (a, costA) ]; [ (b, costB) ]; [ (held, costC) ]; [ (d, costD) ] ]

    let found =
        (Game.omegaS bounded (Tensor.ofList [ 0.7; -0.2; 0.5; 0.25; 0.25; 0.3 ])).ToArray()

    let expected = (Game.omegaS free (Tensor.ofList [ 0.7; -0.2; 0.5; 0.3 ])).ToArray()

    Check.close 1e-12 expected [| found[0]; found[1]; found[2]; found[5] |]

[<Fact>]
let ``levels that curve each other are derived without growing threefold`` () =
    let game = chain 6 (fun own next -> 0.3 * sin (own * next))
    let q = Tensor.ofList [ 0.1; 0.2; 0.3; 0.4; 0.5; 0.6 ]
    // By nesting best responses of numbers: each lower level's answer moves as its total gradient stays.
    let found = (Game.omegaS game q).ToArray()
    // The values that the nested derivation gave, one derivative inside the other.
    let expected = [| -1.7400138; -1.510162; -1.280863; -1.05299; -0.82803943; -0.77005398 |]
    Check.close 1e-7 expected found

[<Fact>]
let ``a hundred levels that nothing couples end at once`` () =
    let k = 100
    let players = List.init k (fun i -> Player.scalar $"p%d{i}")

    let game =
        Game.create
            "alone"
            (players
             |> List.map (fun p -> [ p, fun (q: Strategies) -> (q[p] - 1.0) * (q[p] - 1.0) ]))

    let before = GC.GetAllocatedBytesForCurrentThread()
    Check.close 0.0 (Array.create k -2.0) ((Game.omegaS game (Tensor.zeros [ k ])).ToArray())
    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0L, 256L <<< 20)

/// The default's total gradient against elimination, over random followers of every kind and size.
let private isRight (seed: int) =
    let random = Random seed
    let n = 1 + random.Next 40

    let game, x, right =
        quadratic seed n (random.Next 2 = 0) (float (random.Next(-3, 4)))

    let found = (Game.omegaS game x).ToArray()[..1]
    let size = right |> Array.fold (fun most value -> max most (abs value)) 1.0
    // Ill conditioned ones are left to their residuals.
    Array.forall2 (fun e f -> abs (e - f) <= 1e-6 * size) right found || size > 1e5

[<Fact>]
let ``laws: the default's total gradient is that of elimination`` () =
    let seeds = Arb.fromGen (Gen.choose (0, Int32.MaxValue - 1))
    Check.One(Config.QuickThrowOnFailure.WithMaxTest 60, Prop.forAll seeds isRight)

[<Theory>]
[<InlineData 1>]
[<InlineData 3>]
let ``conjectures that move the answers of several levels ask for their gradients where they moved``
    (steps: int)
    =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"
    let γ = 0.1

    let f1 (x: Tensor) (y: Tensor) (z: Tensor) =
        (x - 1.0) ** 2.0 + x * y * z + sin (y - z)

    let f2 (x: Tensor) (y: Tensor) (z: Tensor) =
        y ** 2.0 + cosh (y * z) - x * y + 0.3 * z

    let f3 (x: Tensor) (y: Tensor) (z: Tensor) =
        z ** 2.0 + 0.2 * z ** 4.0 + x * sin (y * z)

    let of3 f (q: Strategies) = f q[a] q[b] q[c]

    let game = Game.create "chain" [ [ (a, of3 f1) ]; [ (b, of3 f2) ]; [ (c, of3 f3) ] ]

    // The lowest player's gradient; then the middle one's, through that one's steps; then the leader's, through both.
    let lowest x y z = Diff.grad (f3 x y) z

    let stepped x y z =
        Seq.fold (fun z _ -> z - γ * lowest x y z) z (seq { 1..steps })

    let middle x y z =
        Diff.grad (fun y -> f2 x y (stepped x y z)) y

    let both x (y, z) =
        Seq.fold (fun (y, z) _ -> y - γ * middle x y z, z - γ * lowest x y z) (y, z) (seq { 1..steps })

    let leader x y z =
        Diff.grad
            (fun x ->
                let y, z = both x (y, z)
                f1 x y z)
            x

    let x, y, z = Tensor.scalar 0.7, Tensor.scalar -0.4, Tensor.scalar 0.3
    let expected = [ leader x y z; middle x y z; lowest x y z ] |> List.map float

    let found =
        Game.field (Conjecture.unrolled steps γ) game (Tensor.ofList [ 0.7; -0.4; 0.3 ])

    Check.close 1e-12 (Array.ofList expected) (found.ToArray())
