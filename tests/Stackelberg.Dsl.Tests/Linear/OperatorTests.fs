module Stackelberg.Dsl.Tests.OperatorTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit
open Stackelberg.Tests

let private dot (a: Tensor) (b: Tensor) =
    float (Tensor.dot (Tensor.flatten a) (Tensor.flatten b))

let private matrix (random: Random) rows columns =
    Tensor.ofArray (Array.init (rows * columns) (fun _ -> 2.0 * random.NextDouble() - 1.0))
    |> Tensor.reshape [ rows; columns ]

/// A matrix that is safe to invert: diagonally dominant.
let private regular (random: Random) n =
    matrix random n n + 2.0 * float n * Tensor.eye n

/// An operator [n] → [n] composed at random.
let rec private compose (random: Random) depth n : Operator =
    let next () = compose random (depth - 1) n

    if depth = 0 then
        match random.Next 3 with
        | 0 -> Operator.ofMatrix (matrix random n n)
        | 1 -> (2.0 * random.NextDouble()) * Operator.identity
        | _ ->
            let m = matrix random n n
            Operator.ofFunctions [ n ] [ n ] (fun v -> Tensor.matmul m v) (fun w -> Tensor.matmul m.T w)
    else
        match random.Next 6 with
        | 0 -> next () + next ()
        | 1 -> next () - next ()
        | 2 -> next () * next ()
        | 3 -> -(next ())
        | 4 -> Operator.transpose (next ())
        | _ -> Operator.inverse Solver.dense (Operator.ofMatrix (regular random n)) * next ()

let private forSeeds property = Law.forSeeds 100 property

[<Fact>]
let ``the adjoint of every composition is its transpose: ⟨A v, w⟩ = ⟨v, Aᵀ w⟩`` () =
    forSeeds (fun seed ->
        let random = Random seed
        let n = random.Next(1, 6)
        let a = compose random (random.Next 4) n

        let v, w =
            Tensor.reshape [ n ] (matrix random n 1), Tensor.reshape [ n ] (matrix random n 1)

        let left, right = dot (a * v) w, dot v (Operator.transpose a * w)
        abs (left - right) <= 1e-10 * (1.0 + abs left))

[<Fact>]
let ``every composition is linear`` () =
    forSeeds (fun seed ->
        let random = Random seed
        let n = random.Next(1, 6)
        let a = compose random (random.Next 4) n

        let v, w =
            Tensor.reshape [ n ] (matrix random n 1), Tensor.reshape [ n ] (matrix random n 1)

        let difference = a * (2.0 * v - w) - (2.0 * (a * v) - a * w)
        float (Tensor.max (abs difference)) <= 1e-9)

[<Fact>]
let ``the transpose's matrix is the matrix's transpose`` () =
    let a = Tensor.ofArray2D (array2D [ [ 1.0; 2.0; 3.0 ]; [ 4.0; 5.0; 6.0 ] ])
    let operator = Operator.ofMatrix a
    Check.closeTensor 0.0 a (Operator.toMatrix operator)
    Check.closeTensor 0.0 a.T (Operator.toMatrix (Operator.transpose operator))

[<Fact>]
let ``an inverse undoes its map, by every solver`` () =
    let random = Random 3

    for n in [ 1; 2; 9; 30; 70 ] do
        let m = regular random n
        let spd = Tensor.matmul m m.T
        let v = Tensor.reshape [ n ] (matrix random n 1)

        // Their condition is up to 10; LSMR's iterations grow with it.
        for solver in [ Solver.dense; Solver.gmres; Solver.lsmr; Solver.auto ] do
            let inverse = Operator.inverse solver (Operator.ofMatrix m)
            Check.closeTensor 1e-9 v (inverse * (Operator.ofMatrix m * v))

            Check.closeTensor
                1e-9
                v
                (Operator.transpose inverse * (Operator.transpose (Operator.ofMatrix m) * v))

        for _, solver in ("auto", Solver.auto) :: Solver.all do
            let inverse = Operator.inverse solver (Operator.ofMatrix spd)
            Check.closeTensor 1e-8 v (inverse * (Operator.ofMatrix spd * v))

[<Fact>]
let ``a zero multiple is dropped from a sum, so that η = 0 costs nothing`` () =
    let v = Tensor.ofList [ 1.0; nan ]
    let a = Operator.ofMatrix (Tensor.eye 2)
    let broken = Operator.ofFunctions [ 2 ] [ 2 ] (fun _ -> v) (fun _ -> v)
    let x = Tensor.ofList [ 2.0; 3.0 ]
    Check.closeTensor 0.0 x ((a + 0.0 * broken) * x)
    Check.closeTensor 0.0 x ((0.0 * broken + a) * x)

[<Fact>]
let ``the derivatives of a game are adjoint to each other, D²_ij of a cost to D²_ji`` () =
    let estimation = randomCovariance 5 2
    let game, V, W = estimation.Game, estimation.V, estimation.W
    let point = Game.point game (Tensor.ofArray (normals 6 8))
    let v, w = Game.block game [ V ], Game.block game [ W ]
    let f2 = Game.cost game W
    let a, b = normalMatrix 7 2 2, normalMatrix 8 2 2

    for i, j in [ w, v; v, w; w, w; v, v ] do
        let second = Derivative.D2 point i j f2
        Check.closeNumber 1e-12 (dot (second * a) b) (dot a (Operator.transpose second * b))

[<Fact>]
let ``shapes that do not fit are named`` () =
    let a, b =
        Operator.ofMatrix (Tensor.ones [ 2; 3 ]), Operator.ofMatrix (Tensor.ones [ 2; 2 ])

    Assert.Equal(
        "Operator: two maps cannot be added, for one shape is [3] and the other [2]; they must be equal.",
        Check.argumentMessage (fun () -> a + b |> ignore)
    )

    Assert.Equal(
        "Operator: two maps cannot be composed, for one shape is [3] and the other [2]; they must be equal.",
        Check.argumentMessage (fun () -> a * b |> ignore)
    )

    Assert.Equal(
        "Operator.Apply: v has shape [2], but [3] is needed (the shape that the operator takes).",
        Check.argumentMessage (fun () -> a * Tensor.ones [ 2 ] |> ignore)
    )

    Assert.Equal(
        "Operator.ApplyTranspose: w has shape [3], but [2] is needed (the shape that the operator gives).",
        Check.argumentMessage (fun () -> a.ApplyTranspose(Tensor.ones [ 3 ]) |> ignore)
    )

    Assert.Equal(
        "Operator.inverse: a maps shape [3] to [2]; an inverse needs the same shape on both sides.",
        Check.argumentMessage (fun () -> Operator.inverse Solver.auto a |> ignore)
    )

    Assert.Equal(
        "Operator.toMatrix: a takes any shape, as the identity does; add it to a map of a known shape first.",
        Check.argumentMessage (fun () -> Operator.toMatrix Operator.identity |> ignore)
    )

    Assert.Equal(
        "Operator.ofMatrix: matrix has shape [3], but [m; n] is needed (rows, columns).",
        Check.argumentMessage (fun () -> Operator.ofMatrix (Tensor.ones [ 3 ]) |> ignore)
    )

[<Fact>]
let ``auto takes the dense method for small systems, and larger ones by their symmetry`` () =
    let name n isSymmetric =
        (Solver.choose n isSymmetric Solver.auto).Method.Name

    Assert.Equal(Solver.dense.Method.Name, name 8 true)
    Assert.Equal("conjugate gradient, then minres, then dense", name 9 true)
    Assert.Equal("conjugate gradient, then minres, then dense", name 256 true)
    Assert.Equal("conjugate gradient, then minres", name 257 true)
    Assert.Equal(Solver.dense.Method.Name, name 64 false)
    Assert.Equal("gmres(50), then dense", name 65 false)
    Assert.Equal("gmres(50), then bicgstab", name 257 false)
    Assert.Equal("conjugate gradient, then minres", (Solver.cg |> Solver.orElse Solver.minres).Method.Name)
    Assert.Same(Solver.cg.Method, (Solver.choose 2 false Solver.cg).Method)

[<Fact>]
let ``a solver's limits are checked`` () =
    Assert.Equal(
        "Solver.withTolerance: tolerance is 0, but a finite number above 0 is needed.",
        Check.argumentMessage (fun () -> Solver.withTolerance 0.0 Solver.cg |> ignore)
    )

    Assert.Equal(
        "Solver.withMaxIterations: limit is 0, but at least 1 is needed.",
        Check.argumentMessage (fun () -> Solver.withMaxIterations 0 Solver.cg |> ignore)
    )

    Assert.Contains(
        "Solver.neumann: step is 0, but",
        Check.argumentMessage (fun () -> Solver.neumann 0.0 |> ignore)
    )

    for wrong in [ Solver.jacobi 2; Solver.preconditioned [| 1.0 |] ] do
        Assert.Contains(
            "solver is Solver.auto, which chooses its method later; give one by name",
            Check.argumentMessage (fun () -> wrong Solver.auto |> ignore)
        )

    let solver =
        Solver.cg
        |> Solver.withTolerance 1e-3
        |> Solver.withMaxIterations 5
        |> Solver.warmStarted

    Assert.Equal(1e-3, solver.Tolerance)
    Assert.Equal(5, solver.MaxIterations)
    Assert.True solver.WarmStart

[<Fact>]
let ``solvers are equal where they do the same, so that their programs are found again`` () =
    for make in
        [
            fun () -> Solver.neumann 0.25
            fun () -> Solver.gmres |> Solver.preconditioned [| 2.0; 3.0 |]
            fun () -> Solver.cg |> Solver.jacobi 4
        ] do
        Assert.Equal<Solver>(make (), make ())
        Assert.NotEqual<Solver>(make (), Solver.gmres)

[<Fact>]
let ``preconditioned solvers undo their map`` () =
    let scales = Array.init 12 (fun i -> 10.0 ** float (i % 4))
    let core = regular (Random 8) 12
    let outer = Tensor.outer (Tensor.ofArray scales) (Tensor.ofArray scales)
    let a = Operator.ofMatrix (Tensor.matmul core core.T * outer)
    let v = Tensor.ofArray (Array.init 12 (fun i -> 1.0 / scales[i]))

    for solver in [ Solver.cg; Solver.minres; Solver.gmres; Solver.lsmr ] do
        for solver in
            [
                Solver.jacobi 12 solver
                Solver.preconditioned (Array.map (fun s -> s * s) scales) solver
            ] do
            let found = Operator.inverse (Solver.withTolerance 1e-10 solver) a * (a * v)
            // The unscaled condition is about 1e7.
            Check.closeTensor 1e-3 v found
