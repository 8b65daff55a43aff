// The lecture on differentiable games: its pictures, radii and bounds.
#load "../Plane.fsx"
#load "../../games/prisoners-dilemma.fsx"
#load "../../games/lorenz.fsx"
#load "../../games/quadratic.fsx"
#load "../../games/daskalakis-panageas.fsx"
#load "../../games/iterated-prisoners-dilemma.fsx"

open System
open System.Numerics
open Plane
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Kernels

let rules: (string * string * Rule) list = [
    "simultaneous", "simultaneous", Rule.simultaneous
    "alternating", "alternating", Rule.alternating
    "extragradient", "extragradient", Rule.extragradient
    "proximal", "proximal point", Rule.proximalPoint
]

/// f = A x²/2 + B x y − C y²/2; y ascends.
let saddle = Quadratic.saddle

let rate η = {
    Learn.settings with
        Rates = [ Rate.constant η ]
        RecordEvery = 1
}

/// Where one step of a rule leads.
let stepped rule η game (x: float[]) =
    (Learn.run rule { rate η with Steps = 1 } (Tensor.ofArray x) game).Final.ToArray()

/// The eigenvalues of a rule's step on a game of quadratic costs in two numbers: its columns are the steps from the unit vectors.
let stepEigenvalues rule η game =
    let first, second =
        stepped rule η game [| 1.0; 0.0 |], stepped rule η game [| 0.0; 1.0 |]

    let trace, determinant =
        first[0] + second[1], first[0] * second[1] - first[1] * second[0]

    let root = Complex.Sqrt(Complex(trace * trace / 4.0 - determinant, 0.0))
    [| Complex(trace / 2.0, 0.0) + root; Complex(trace / 2.0, 0.0) - root |]

let radius rule η game =
    stepEigenvalues rule η game |> Array.map _.Magnitude |> Array.max

let path rule η steps game start =
    Learn.run rule { rate η with Steps = steps } (Tensor.ofArray start) game
    |> _.Trajectory

let distance (x: float[]) = sqrt (Array.sumBy (fun e -> e * e) x)

let size (panel: float) (title: string) x y series =
    Panel(Array.ofList series, Title = title, X = Axis x, Y = Axis y, Width = panel, Height = panel)

/// A field's arrows on a square, as the players move: against it.
let arrows (least: float) most count (field: Tensor -> Tensor) =
    let at k =
        least + (most - least) * (float k + 0.5) / float count

    let points = [|
        for j in 0 .. count - 1 do
            for i in 0 .. count - 1 -> [| at i; at j |]
    |]

    let values = Pointwise.evaluate field points
    let moved k = values |> Array.map (fun v -> -v[k])

    Arrows(column 0 points, column 1 points, moved 0, moved 1, Colour = Palette.Grey) :> Series

/// Plots 1 and 2: the fields of two matrix games in probabilities.
let fields () =
    // f = −xy − (1 − x)(1 − y): the first wants the coins to match.
    let pennies =
        Game.zeroSum "matching pennies in probabilities" (fun x y -> -(x * y) - (1 - x) * (1 - y))

    let square title game start η steps =
        let line =
            through (path Rule.simultaneous η steps game start) Palette.Blue 1.6 "simultaneous play"

        Panel(
            [|
                arrows 0.0 1.0 12 (Game.omega game)
                line
                marked [| start |] Marker.Cross Palette.Black 9.0 "start"
            |],
            Title = title,
            X = Axis("/{x}", Min = Nullable 0.0, Max = Nullable 1.0),
            Y = Axis("/{y}", Min = Nullable 0.0, Max = Nullable 1.0),
            EqualAspect = true,
            Width = 300.0
        )

    pennies,
    Figure(
        [|
            square "Matching pennies: circles" pennies [| 0.5; 0.75 |] 0.01 330
            square
                "Prisoner's dilemma: to mutual defection"
                ``Prisoners-dilemma``.dilemma
                [| 0.9; 0.8 |]
                0.01
                100
        |],
        SharedLegend = true,
        Caption = "Probabilities of heads, and of cooperation; plots 1 and 2 of the lecture."
    )

/// Plot 3.
let attractor () =
    let flow =
        Lorenz.lorenz
        |> Flow.run
            {
                Flow.settings with
                    Until = 50.0
                    Times = [| for k in 0..10000 -> 0.005 * float k |]
            }
            (Direction.ofConjecture Conjecture.none)
            (Tensor.ofList [ 1.0; 1.0; 1.0 ])

    let points = flow.Points

    flow,
    Figure(
        Panel(
            [|
                Line(column 0 points, column 2 points, Width = 0.5, Colour = Palette.Blue) :> Series
            |],
            Title = "Three players' gradient flow",
            X = Axis "/{x}",
            Y = Axis "/{z}",
            Width = 420.0
        ),
        Caption = "The Lorenz attractor as a game, plot 3 of the lecture."
    )

/// Plots 5 to 7 and 12: runs on quadratic saddles.
let trajectories () =
    let start = [| 0.6; 0.8 |]

    let runs title game lines =
        Panel(
            [|
                for label, rule, η, steps, colour in lines do
                    through (path rule η steps game start) colour 1.3 label
                marked [| start |] Marker.Cross Palette.Black 9.0 "start"
            |],
            Title = title,
            X = Axis "/{x}",
            Y = Axis "/{y}",
            EqualAspect = true,
            Width = 260.0
        )

    let both η steps = [
        "simultaneous", Rule.simultaneous, η, steps, Palette.Vermilion
        "alternating", Rule.alternating, η, steps, Palette.Blue
    ]

    Figure(
        [|
            runs "10/{xy}" (saddle 0.0 10.0 0.0) (both 0.02 60)
            runs "/{x}^{2}/2 + 10/{xy} − /{y}^{2}/2" (saddle 1.0 10.0 1.0) (both 0.02 120)
            runs "−/{x}^{2}/8 + 3/{xy}/5 − /{y}^{2}/2" ``Daskalakis-panageas``.saddle (both 0.1 300)
        |],
        SharedLegend = true,
        Caption =
            "Rotation makes simultaneous steps grow where alternating ones do not (plots 7 and 12); on the right both come to a point that is no Nash equilibrium (plot 5)."
    )

/// Plot 8: the disc that holds all eigenvalues of L-Lipschitz, μ-strongly monotone fields, and the worst one.
let disc () =
    let μ, L = 1.0, 4.0
    let angle = acos (μ / L)
    let arc = [| for k in 0..200 -> angle * (2.0 * float k / 200.0 - 1.0) |]
    let η = μ / (L * L)
    let worst = Complex(μ, sqrt (L * L - μ * μ))

    (Complex.One - η * worst).Magnitude,
    Figure(
        Panel(
            [|
                Line(
                    arc |> Array.map (fun a -> L * cos a),
                    arc |> Array.map (fun a -> L * sin a),
                    Label = "|λ| = /{L}",
                    Colour = Palette.Blue
                )
                :> Series
                VerticalLine(μ, Label = "Re λ = μ", Colour = Palette.Green) :> Series
                marked
                    [| [| worst.Real; worst.Imaginary |]; [| worst.Real; -worst.Imaginary |] |]
                    Marker.Circle
                    Palette.Vermilion
                    10.0
                    "the worst for simultaneous play"
                marked [| [| 1.0 / η; 0.0 |] |] Marker.Cross Palette.Black 9.0 "1/η, η = μ//{L}^{2}"
            |],
            Title = "Where eigenvalues may be",
            X = Axis "Re λ",
            Y = Axis "Im λ",
            EqualAspect = true,
            Width = 380.0
        ),
        Caption = "A step multiplies by 1 − ηλ: η times the distance from 1/η. Plot 8 of the lecture."
    )

/// Plot 13: the eigenvalues of both steps for 0.3x² + 1.2xy − 0.3y², η from 0 to 1.
let eigenvaluePaths () =
    let game = saddle 0.6 1.2 0.6
    let rates = [| for k in 1..60 -> float k / 60.0 |]

    let points rule =
        rates
        |> Array.collect (fun η ->
            stepEigenvalues rule η game |> Array.map (fun λ -> [| λ.Real; λ.Imaginary |]))

    let circle = [| for k in 0..200 -> 2.0 * Math.PI * float k / 200.0 |]

    Figure(
        Panel(
            [|
                Line(
                    Array.map cos circle,
                    Array.map sin circle,
                    Colour = Palette.Grey,
                    Width = 1.0,
                    Label = "unit circle"
                )
                :> Series
                marked (points Rule.simultaneous) Marker.Circle Palette.Vermilion 5.0 "simultaneous"
                marked (points Rule.alternating) Marker.Circle Palette.Green 5.0 "alternating"
            |],
            Title = "Eigenvalues of a step, 0 < η ≤ 1",
            X = Axis "real part",
            Y = Axis "imaginary part",
            EqualAspect = true,
            Width = 380.0
        ),
        Caption = "0.3/{x}^{2} + 1.2/{xy} − 0.3/{y}^{2}: plot 13 of the lecture."
    )

/// Plot 15: the distance from the equilibrium for every rule at its best rate.
let comparison () =
    let game = saddle 1.0 10.0 1.0
    let rates = [| for k in 1..400 -> 0.0005 * float k |]

    let best rule =
        rates |> Array.minBy (fun η -> radius rule η game)

    let lines =
        rules
        |> List.filter (fun (key, _, _) -> key <> "proximal")
        |> List.append [
            "momentum", "negative momentum −0.5, alternating", Rule.alternatingMomentum -0.5
        ]
        |> List.mapi (fun k (key, label, rule) ->
            let η =
                // The step of momentum has a memory: its rate is that of least distance after 200 steps.
                if key = "momentum" then
                    rates
                    |> Array.minBy (fun η ->
                        path rule η 200 game [| 0.6; 0.8 |]
                        |> Array.last
                        |> distance
                        |> fun d -> if Double.IsFinite d then d else infinity)
                else
                    best rule

            let distances =
                path rule η 400 game [| 0.6; 0.8 |]
                |> Array.map (fun x -> max 1e-16 (distance x))

            Line(
                distances,
                Label = FormattableString.Invariant $"{label}, η = {η:G3}",
                Colour = Palette.At k
            )
            :> Series
            :> Series)

    Figure(
        Panel(
            Array.ofList lines,
            Title = "/{x}^{2}/2 + 10/{xy} − /{y}^{2}/2",
            X = Axis "step",
            Y = Axis("distance", Log = true),
            Width = 440.0
        ),
        Caption = "Every rule at the best of 400 rates; plot 15 of the lecture."
    )

/// Plot 16: what naive learners and learners that look ahead do in the iterated prisoner's dilemma.
let policies (run: ExperimentRun) =
    let panel (name: string) field =
        let results = ``Iterated-prisoners-dilemma``.runs field
        run.Found($"dilemma/{name}/loss", results |> List.averageBy fst)

        let cooperates =
            results |> List.map (fun (_, x: Tensor) -> (Tensor.sigmoid x).ToArray()[1..4])

        run.Found(
            $"dilemma/{name}/titForTat",
            results
            |> List.filter (fun (_, x) -> ``Iterated-prisoners-dilemma``.recognise x[0..4] = "tit for tat")
            |> List.length
            |> float
        )

        let state = [|
            for k in 0..3 do
                for _ in cooperates -> float k
        |]

        let chance = [|
            for k in 0..3 do
                for policy in cooperates -> policy[k]
        |]

        Panel(
            [|
                marked
                    (Array.map2 (fun a b -> [| a; b |]) state chance)
                    Marker.Circle
                    Palette.Blue
                    5.0
                    "a run"
            |],
            Title = name,
            X = Axis("after CC, CD, DC, DD (0 … 3)", Min = Nullable -0.5, Max = Nullable 3.5),
            Y = Axis("chance to cooperate", Min = Nullable -0.05, Max = Nullable 1.05),
            Width = 280.0
        )

    Figure(
        [|
            panel "naive" (Game.omega ``Iterated-prisoners-dilemma``.dilemma)
            panel "look-ahead" ``Iterated-prisoners-dilemma``.lookAhead
        |],
        SharedLegend = true,
        Caption = "Policies after 100 steps from 30 starts; the first two panels of plot 16 of the lecture."
    )

/// A random strongly monotone linear field F(z) = H z with H = [A B; −Bᵀ C], and its μ and L.
let randomField (random: Random) =
    let n = 1 + random.Next 3

    let uniform least most =
        least + (most - least) * random.NextDouble()

    let definite () =
        let q = Array2D.init n n (fun _ _ -> uniform -1.0 1.0)
        let shift = uniform 0.05 1.0

        Array2D.init n n (fun i j ->
            Seq.sum (Seq.init n (fun k -> q[k, i] * q[k, j]))
            + (if i = j then shift else 0.0))

    let a, c, b =
        definite (), definite (), Array2D.init n n (fun _ _ -> uniform -5.0 5.0)

    let d = 2 * n

    let h =
        Array2D.init d d (fun i j ->
            match i < n, j < n with
            | true, true -> a[i, j]
            | true, false -> b[i, j - n]
            | false, true -> -b[j, i - n]
            | false, false -> c[i - n, j - n])

    let matrix = Tensor.ofArray2D h
    let values = Tensor.symmetricEigenvalues ((matrix + matrix.T) / 2.0)
    let squares = Tensor.symmetricEigenvalues (Tensor.matmul matrix.T matrix)
    matrix, (values.ToArray() |> Array.min), sqrt (squares.ToArray() |> Array.max)

// From this condition number on no game is known that breaks the bound of extragradient at η = 1/(2L).
let wellConditioned = 1.25

/// Both explicit bounds of the lecture on random games; the greatest ratio of distance² to bound over their steps.
let bounds (run: ExperimentRun) =
    let s = run.Settings
    let random = Random(int run.Seed)
    let games = s.Int "games"
    let mutable proximal, extra, broken = 0.0, 0.0, 0.0

    for k in 1..games do
        if k % 200 = 0 then
            run.Cancellation.ThrowIfCancellationRequested()
            run.Context.Report("bounds on random games", float k / float games)

        let h, μ, L = randomField random
        let d = h.Shape[0]
        let eye = Tensor.eye d

        let ofStep (step: Tensor) bound =
            let mutable z = Tensor.ofArray (Array.init d (fun _ -> random.NextDouble() - 0.5))
            let square (z: Tensor) = float (Tensor.dot z z)
            let mutable most = 0.0

            for _ in 1..5 do
                let next = Tensor.matmul step z
                most <- max most (square next / (bound * square z))
                z <- next

            most

        let η = exp (-6.0 + 8.0 * random.NextDouble())
        proximal <- max proximal (ofStep (Tensor.inverse (eye + η * h)) (1.0 / (1.0 + 2.0 * η * μ)))
        let η = 0.5 / L
        let κ = L / μ
        let ratio = ofStep (eye - η * h + η * η * Tensor.matmul h h) (1.0 - 0.5 / κ)

        if ratio > 1.0 + 1e-12 then
            broken <- max broken κ

        if κ >= wellConditioned then
            extra <- max extra ratio

    run.Found("bounds/games", float games)
    run.Found("bounds/proximalPoint/worst", proximal)
    run.Found("bounds/extragradient/worst", extra)
    run.Found("bounds/extragradient/brokenUpTo", broken)

    run.Found(
        "bounds/held",
        (if proximal <= 1.0 + 1e-12 && extra <= 1.0 + 1e-12 then
             1.0
         else
             0.0)
    )

    // Where κ is 1 the best rate leaves 9/16 of the squared distance, and the lecture's 1 − 1/(2κ) is 1/2.
    let least =
        [ 0.05..0.05..1.0 ]
        |> List.map (fun η -> radius Rule.extragradient η (saddle 1.0 0.0 1.0) ** 2.0)
        |> List.min

    run.Found("bounds/extragradient/kappaOne", least)

    run.Context.Note
        "The lecture's bound 1 − 1/(2κ) for extragradient is broken where κ is near 1: at κ = 1 the best rate leaves 9/16 of the squared distance, and the bound is 1/2."

/// ‖z_eg − z_ppm‖ after one step, and its order in η.
let order (run: ExperimentRun) =
    // Not quadratic: the next order counts.
    let game =
        Game.zeroSum "curved saddle" (fun x y ->
            x * x / 2.0 + x ** 4 / 8.0 + 2.0 * sin x * y - y * y / 2.0 - y ** 4 / 8.0)

    let rates = [| 0.08; 0.04; 0.02; 0.01; 0.005 |]

    let gaps =
        rates
        |> Array.map (fun η ->
            let x = [| 0.7; -0.4 |]

            Array.map2 (-) (stepped Rule.extragradient η game x) (stepped Rule.proximalPoint η game x)
            |> distance)

    let orders =
        Array.pairwise gaps
        |> Array.map (fun (coarse, fine) -> Math.Log2(coarse / fine))

    orders |> Array.iteri (fun k order -> run.Found($"order/{k}", order))
    run.Found("order", Array.last orders)

let study (run: ExperimentRun) =
    for (a, b, c), η, expectedAt in
        [
            (1.0, 10.0, 1.0), 0.01, "steep/0.01"
            (1.0, 10.0, 1.0), 0.05, "steep/0.05"
            (1.0, 10.0, 1.0), 0.1, "steep/0.1"
            (0.6, 1.2, 0.6), 0.1, "gentle/0.1"
            (0.0, 10.0, 0.0), 0.01, "bilinear/0.01"
        ] do
        for key, _, rule in rules do
            run.Found($"radius/{expectedAt}/{key}", radius rule η (saddle a b c))

    run.Found("radius/steep/best", radius Rule.simultaneous (1.0 / 101.0) (saddle 1.0 10.0 1.0))
    order run
    bounds run
    let pennies, figure = fields ()
    run.Context.Figure("fields", figure)
    // Matching pennies circle: the flow keeps the distance from (½, ½).
    let flow =
        pennies
        |> Flow.run
            { Flow.settings with Until = 10.0 }
            (Direction.ofConjecture Conjecture.none)
            (Tensor.ofList [ 0.5; 0.75 ])

    run.Found("pennies/distance", distance (flow.Final.ToArray() |> Array.map (fun x -> x - 0.5)))
    let lorenz, figure = attractor ()
    run.Context.Figure("lorenz", figure)
    run.Found("lorenz/most", lorenz.Points |> Array.map (Array.item 2) |> Array.max)
    run.Context.Figure("trajectories", trajectories ())
    let worst, figure = disc ()
    run.Found("disc/best", worst)
    run.Context.Figure("disc", figure)
    run.Context.Figure("eigenvalues", eigenvaluePaths ())
    run.Context.Figure("comparison", comparison ())
    run.Context.Figure("dilemma", policies run)

let lecture =
    experiment "lecture" {
        source "Grosse and Zhang, CSC 2541, lecture 10, Differentiable Games"
        version 1
        setting "games" 10000 (SettingType.Whole(1, 10_000_000)) "random games for the two bounds"
        headlines [ "bounds/held"; "order" ]
        compute study
    }
