module Stackelberg.Autodiff.Tests.RootTests

open System
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Autodiff.Tests
open Xunit

let private close (tolerance: float) (expected: float) (actual: Tensor) =
    let actual = actual.ToDouble()

    Assert.True(
        abs (actual - expected) <= tolerance * max 1.0 (abs expected),
        $"{actual} instead of {expected}"
    )

let private cubeRoot (x: Tensor) =
    Diff.root (fun y -> y * y * y - x) (Tensor.scalar 1.0)

[<Fact>]
let ``a cube root and its derivatives to the third order, in every nesting`` () =
    let x = Tensor.scalar 8.0
    close 1e-14 2.0 (cubeRoot x)
    // x^(1/3) / (3 x), − 2 x^(1/3) / (9 x²), 10 x^(1/3) / (27 x³).
    let first, second, third = 2.0 / 24.0, -4.0 / 576.0, 20.0 / 13824.0
    close 1e-13 first (Diff.diff cubeRoot x)
    close 1e-13 first (Diff.grad cubeRoot x)
    close 1e-13 first (snd (Diff.jvp cubeRoot x (Tensor.scalar 1.0)))
    close 1e-12 second (Diff.diff (Diff.diff cubeRoot) x)
    close 1e-12 second (Diff.grad (Diff.grad cubeRoot) x)
    close 1e-12 second (Diff.grad (Diff.diff cubeRoot) x)
    close 1e-12 second (Diff.diff (Diff.grad cubeRoot) x)
    close 1e-11 third (Diff.diff (Diff.grad (Diff.diff cubeRoot)) x)
    close 1e-11 third (Diff.grad (Diff.grad (Diff.grad cubeRoot)) x)
    close 1e-12 second (Diff.jit (Diff.diff (Diff.diff cubeRoot)) x)

[<Fact>]
let ``Kepler's equation and Lambert's W`` () =
    // E − e sin E = M: dE/dM = 1 / (1 − e cos E), d²E/dM² = −e sin E / (1 − e cos E)³.
    let e = 0.6

    let anomaly (M: Tensor) =
        Diff.root (fun E -> E - e * sin E - M) M

    let E = (anomaly (Tensor.scalar 0.8)).ToDouble()
    close 1e-14 0.8 (Tensor.scalar (E - e * sin E))
    close 1e-13 (1.0 / (1.0 - e * cos E)) (Diff.diff anomaly (Tensor.scalar 0.8))
    close 1e-12 (-e * sin E / (1.0 - e * cos E) ** 3.0) (Diff.diff (Diff.diff anomaly) (Tensor.scalar 0.8))
    // W e^W = x: W(1) = 0.5671432904097838, W′ = W / (x (1 + W)).
    let w (x: Tensor) = Diff.root (fun y -> y * exp y - x) x
    close 1e-14 0.5671432904097838 (w (Tensor.scalar 1.0))
    close 1e-13 (0.5671432904097838 / 1.5671432904097838) (Diff.grad w (Tensor.scalar 1.0))

/// Q = I − 2 u uᵀ / ‖u‖², an orthogonal symmetric matrix without zeros.
let private turned n =
    let u = Tensor.ofArray (Array.init n (fun i -> 1.0 + float (i % 7)))
    fun (v: Tensor) -> v - 2.0 / float (Tensor.dot u u) * Tensor.dot u v * u

[<Fact>]
let ``the second derivative of a root of 100 unknowns is that of the closed form`` () =
    // y = Q g with g_i³ + g_i = c w_i: g′ = w / (3 g² + 1), g″ = −6 g g′² / (3 g² + 1).
    let n = 100
    let Q = turned n
    let w = Array.init n (fun i -> sin (float (3 * i + 1)))
    let weights = Tensor.ofArray w

    let root (c: Tensor) =
        Diff.root
            (fun y ->
                let g = Q y
                Q(g * g * g + g - c * weights))
            (Tensor.zeros [ n ])

    let c = 1.7

    let g =
        w
        |> Array.map (fun w ->
            let mutable g = 0.0

            for _ in 1..60 do
                g <- g - (g * g * g + g - c * w) / (3.0 * g * g + 1.0)

            g)

    let g1 = Array.map2 (fun w g -> w / (3.0 * g * g + 1.0)) w g

    let g2 = Array.map2 (fun g g1 -> -6.0 * g * g1 * g1 / (3.0 * g * g + 1.0)) g g1

    let agree (tolerance: float) (expected: float[]) (actual: Tensor) =
        let expected = (Q(Tensor.ofArray expected)).ToArray()

        let size = expected |> Array.map abs |> Array.max

        Array.iter2
            (fun (e: float) a -> Assert.True(abs (e - a) <= tolerance * size, $"{a} instead of {e}"))
            expected
            (actual.ToArray())

    let at = Tensor.scalar c
    agree 1e-12 g (root at)
    agree 1e-10 g1 (Diff.diff root at)
    agree 1e-10 g2 (Diff.diff (Diff.diff root) at)

    // The same in reverse, through a weighted sum.
    let sum c = Tensor.sum (root c)
    let q2 = (Q(Tensor.ofArray g2)).ToArray() |> Array.sum
    close 1e-10 q2 (Diff.grad (Diff.grad sum) at)

[<Fact>]
let ``systems of a batch whose scales span 12 decades are each solved to their own end`` () =
    // (y / s)³ + y / s = c in units s of the unknown, and of the equation.
    let scales = [| 1e-6; 1e-2; 1e2; 1e6 |]
    let c = 3.0
    let mutable z = 1.0

    for _ in 1..60 do
        z <- z - (z * z * z + z - c) / (3.0 * z * z + 1.0)

    for power in [ 0.0; 1.0; -1.0 ] do
        let root (s: Tensor) =
            Diff.root
                (fun y ->
                    let u = y / s
                    s ** power * (u * u * u + u - c))
                (Diff.stopGradient s)

        let found = (Diff.vmap root (Tensor.ofArray scales)).ToArray()
        let slopes = (Diff.vmap (Diff.diff root) (Tensor.ofArray scales)).ToArray()

        for k in 0 .. scales.Length - 1 do
            Assert.True(abs (found[k] / (z * scales[k]) - 1.0) <= 1e-10, $"{power}: {found[k]}")
            Assert.True(abs (slopes[k] / z - 1.0) <= 1e-10, $"{power}: {slopes[k]}")

[<Fact>]
let ``a batch with shared and with own values, forward and in reverse`` () =
    // y² = a x for shared a: y = √(a x), dy/da = √(x / a) / 2, dy/dx = √(a / x) / 2.
    let xs = [| 1.0; 4.0; 9.0 |]

    let batch (a: Tensor) (x: Tensor) =
        Diff.vmap (fun x -> Diff.root (fun y -> y * y - a * x) (1.0 + 0.0 * x)) x

    let a = Tensor.scalar 2.0
    let x = Tensor.ofArray xs
    let total a x = Tensor.sum (batch a x)
    close 1e-12 (xs |> Array.sumBy (fun x -> sqrt (2.0 * x))) (total a x)
    close 1e-12 (xs |> Array.sumBy (fun x -> 0.5 * sqrt (x / 2.0))) (Diff.grad (fun a -> total a x) a)
    close 1e-12 (xs |> Array.sumBy (fun x -> 0.5 * sqrt (x / 2.0))) (Diff.diff (fun a -> total a x) a)
    // d²/da²: −√x a^(−3/2) / 4.
    close
        1e-11
        (xs |> Array.sumBy (fun x -> -0.25 * sqrt x * 2.0 ** -1.5))
        (Diff.grad (Diff.grad (fun a -> total a x)) a)

    let slopes = (Diff.grad (total a) x).ToArray()

    for k in 0..2 do
        close 1e-12 (0.5 * sqrt (2.0 / xs[k])) (Tensor.scalar slopes[k])

    // Twice batched.
    let twice = Diff.vmap (fun row -> batch a row) (Tensor.stack 0 [ x; 2.0 * x ])

    let all = twice.ToArray()
    close 1e-12 (sqrt 36.0) (Tensor.scalar all[5])

[<Fact>]
let ``a root of a root: three levels`` () =
    // z(y) = y²/2 by z − y²/2 = 0, y(x) by y + z(y) = x: y = −1 + √(1 + 2 x).
    let z (y: Tensor) =
        Diff.root (fun z -> z - y * y / 2.0) (Tensor.scalar 0.3)

    let y (x: Tensor) =
        Diff.root (fun y -> y + z y - x) (Tensor.scalar 1.0)

    let x = Tensor.scalar 4.0
    close 1e-13 2.0 (y x)
    close 1e-12 (1.0 / 3.0) (Diff.grad y x)
    close 1e-11 (-1.0 / 27.0) (Diff.diff (Diff.grad y) x)

[<Fact>]
let ``argmin goes downhill, and fixedPoint and rootFound have the implicit derivative`` () =
    // (y² − 1)² + 0.1 a y from beside the maximum at 0.
    let minimum (a: Tensor) =
        Diff.argmin (fun y -> (y * y - 1.0) ** 2 + 0.1 * a * y) (Tensor.scalar 0.05)

    let y = (minimum (Tensor.scalar 1.0)).ToDouble()
    Assert.True(y > 0.9 && 12.0 * y * y - 4.0 > 0.0, $"{y}")
    close 1e-12 (-0.1 / (12.0 * y * y - 4.0)) (Diff.grad minimum (Tensor.scalar 1.0))
    close 1e-14 0.7390851332151607 (Diff.fixedPoint cos (Tensor.scalar 1.0))

    let mine (x: Tensor) =
        Diff.rootFound (fun y -> y * y - x) (sqrt x)

    close 1e-15 2.0 (mine (Tensor.scalar 4.0))
    close 1e-15 0.25 (Diff.diff mine (Tensor.scalar 4.0))
    close 1e-14 (-1.0 / 32.0) (Diff.grad (Diff.grad mine) (Tensor.scalar 4.0))

[<Fact>]
let ``the derivative in the start is zero, and float32 works`` () =
    let of' (start: Tensor) = Diff.root (fun y -> y * y - 2.0) start
    close 0.0 0.0 (Diff.grad of' (Tensor.scalar 1.0))
    let single = Tensor.cast DType.Float32 (Tensor.scalar 2.0)
    close 1e-6 (sqrt 2.0) (Diff.root (fun y -> y * y - single) single)

[<Fact>]
let ``what has no root says so, as a number and in a program`` () =
    let message (action: unit -> Tensor) =
        Assert.Throws<InvalidOperationException>(fun () -> action () |> ignore).Message

    let none (c: Tensor) =
        Diff.root (fun y -> y * y + c) (Tensor.scalar 1.0)

    Assert.Contains("no root after", message (fun () -> none (Tensor.scalar 1.0)))
    Assert.Contains("allow more steps", message (fun () -> none (Tensor.scalar 1.0)))

    let program =
        Program.compile [| DType.Float64, [||] |] [| false |] (fun x -> [| none x[0] |])

    let run = program.CreateRun()
    (run.Input 0)[0] <- 1.0
    run.Execute()
    let report = run.Solves |> Array.find _.IsRoot
    Assert.Equal(SolveStatus.NoRoot, report.Status)
    (run.Input 0)[0] <- -4.0
    run.Execute()
    let report = run.Solves |> Array.find _.IsRoot
    Assert.Equal(SolveStatus.Converged, report.Status)
    Assert.Equal(2.0, (run.Output 0)[0], 1e-14)

[<Fact>]
let ``wrong conditions and starts are told`` () =
    let message (action: unit -> Tensor) =
        Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

    Assert.Contains(
        "the condition has shape [], but [2] is needed: one equation for each unknown",
        message (fun () -> Diff.root Tensor.sum (Tensor.zeros [ 2 ]))
    )

    Assert.Contains(
        "the condition is Float32, but Float64 is needed",
        message (fun () -> Diff.root (Tensor.cast DType.Float32) (Tensor.zeros [ 2 ]))
    )

    Assert.Contains("the start is not finite", message (fun () -> Diff.root id (Tensor.scalar nan)))

    Assert.Contains(
        "MaxSteps is -1",
        message (fun () -> Diff.rootWith { Root.settings with MaxSteps = -1 } id (Tensor.scalar 1.0))
    )

[<Fact>]
let ``running a program with a root allocates nothing`` () =
    let program =
        Program.compile [| DType.Float64, [| 12 |] |] [| false |] (fun x -> [|
            Diff.root (fun y -> y * y * y + y + 0.1 * Tensor.sum y - x[0]) (Tensor.zeros [ 12 ])
        |])

    let run = program.CreateRun()
    Array.Fill(run.Input 0, 1.5)
    run.Execute()
    Assert.Equal(0L, Stackelberg.Tests.Allocation.least run.Execute)

/// Σ cᵢ (¼ zᵢ⁴ − ½ zᵢ²) in turned coordinates z: minima where both zᵢ are ±1, saddles where one is 0.
let private wells (turn: float) (scale: float) (y: Tensor) =
    let c, s = cos turn, sin turn
    let z1, z2 = c * y[0] + s * y[1], c * y[1] - s * y[0]
    let well (z: Tensor) = 0.25 * z ** 4.0 - 0.5 * z ** 2.0
    well z1 + scale * well z2

[<Fact>]
let ``argmin of two unknowns leaves saddles and maxima for a minimum`` () =
    let random = Random 3

    for _ in 1..200 do
        let turn, scale =
            2.0 * random.NextDouble(), 10.0 ** (4.0 * random.NextDouble() - 2.0)

        let start =
            Tensor.ofList [ 3.0 * random.NextDouble() - 1.5; 3.0 * random.NextDouble() - 1.5 ]

        let y = (Diff.argmin (wells turn scale) start).ToArray()
        let c, s = cos turn, sin turn
        // The gradient is found to 1e-12, where the second derivatives are 2 and 0.02 at least.
        close 1e-10 1.0 (Tensor.scalar (abs (c * y[0] + s * y[1])))
        close 1e-10 1.0 (Tensor.scalar (abs (c * y[1] - s * y[0])))

[<Fact>]
let ``argmin beside a saddle whose step is short goes downhill, in a batch as alone`` () =
    // ¼ y₁⁴ − ½ y₁² + ½ y₂²: Newton's step from (0.01, 1) leads to the saddle at 0.
    let minimum start =
        Diff.argmin (fun y -> 0.25 * y[0] ** 4.0 - 0.5 * y[0] ** 2.0 + 0.5 * y[1] ** 2.0) start

    let starts =
        Tensor.ofArray2D (array2D [ [ 0.01; 1.0 ]; [ -0.01; 1.0 ]; [ 2.0; -3.0 ] ])

    let found = (Diff.vmap minimum starts).ToArray()
    Assert.Equal<float[]>((minimum (Tensor.ofList [ 0.01; 1.0 ])).ToArray(), found[..1])

    for k, expected in List.indexed [ 1.0; 0.0; -1.0; 0.0; 1.0; 0.0 ] do
        Assert.InRange(found[k] - expected, -1e-12, 1e-12)
