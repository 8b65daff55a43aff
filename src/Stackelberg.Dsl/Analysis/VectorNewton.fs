namespace Stackelberg

open System
open System.Threading
open Stackelberg.Kernels

/// Points already found, and what divides the field there: M(x) = Π (1 + s² / ‖x − xᵢ‖²), so that M g has no zero at
/// them (Farrell, Birkisson and Funke 2015, with exponent 2 and shift 1). Lengths are shares of the box's widths, and
/// angles are compared modulo 2π.
[<Sealed>]
type internal Deflation(box: SearchBox, scale: float, points: float[][]) =

    /// ln M at x; adds its gradient to the array.
    member _.Evaluate(x: float[], gradient: Span<float>) =
        let mutable logarithm = 0.0

        for point in points do
            let mutable square = 0.0

            for entry in 0 .. x.Length - 1 do
                let difference = box.Difference x point entry / box.Extent[entry]
                square <- square + difference * difference

            logarithm <- logarithm + log (1.0 + scale * scale / square)
            let slope = -2.0 * scale * scale / (square * (square + scale * scale))

            for entry in 0 .. x.Length - 1 do
                let width = box.Extent[entry]

                gradient[entry] <- gradient[entry] + slope * (box.Difference x point entry / width) / width

        logarithm

/// Where one of many starts is.
[<Sealed; AllowNullLiteral>]
type internal Walker(start: float[]) =
    /// The last point accepted, and the step from there.
    member val X = start with get, set
    member val Step = Array.zeroCreate<float> start.Length with get, set
    /// ln ‖M g‖ there.
    member val Merit = infinity with get, set
    /// The share of the step that is tried.
    member val Length = 1.0 with get, set
    /// What the damping is multiplied by.
    member val Damping = 1.0 with get, set
    /// The point tried next.
    member val Query = start with get, set
    member val IsWalking = true with get, set
    member val HasArrived = false with get, set

/// Damped Newton steps from many starts at once, by one program for all of them: leads the starts near critical
/// points, which Newton.refine then makes exact. Bounds are not looked at.
[<Sealed>]
type internal VectorNewton(game: Game, conjecture: Conjecture, box: SearchBox, count: int) =

    /// Evaluations of the field for each start.
    let limit = 100

    /// As in Newton: the step must shorten the field by this share of what the linear model promises.
    let sufficient = 1e-4

    /// The shortest share of a step that is tried before the damping grows instead.
    let shortest = 1.0 / 64.0

    let dampingFactor, greatestDamping = 1e3, 1e7

    /// The damping, relative to ‖J‖², at most and at least: the least keeps the normal equations regular.
    let dampingAtMost, dampingAtLeast = 1e-6, 1e-14

    /// A start has arrived where every entry of g is this small relative to its row of J: Newton.refine takes two or
    /// three steps from there.
    let arrived = 1e-7

    /// In place of a row's size where that is 0.
    let tiny = 1e-300

    let d = game.Dimension
    let extent = Tensor.ofArray box.Extent

    /// x, ∇ ln M and the damping's factor of one start; gives g, the step of Levenberg and Marquardt for M g, and how far
    /// every entry of g is from 0. Rows are taken relative to their size and lengths to the box's widths, so that neither
    /// a player's unit nor the unit of its cost counts.
    let one (row: Tensor) =
        let x, w, damping = Tensor.slice 0 0 d row, Tensor.slice 0 d d row, row[2 * d]
        let g, J = Diff.fjacobian (Field.joint conjecture game) x
        let K = (J + Tensor.outer g w) * extent
        let sizes = Tensor.sumAxis 1 (abs K) + tiny
        let K, f = K / Tensor.reshape [ d; 1 ] sizes, g / sizes
        let size = Tensor.trace (Tensor.matmul K.T K)

        let μ =
            damping * Tensor.minimum (dampingAtMost * size) (Tensor.dot f f)
            + dampingAtLeast * size

        let step =
            -(extent
              * Tensor.solve (Tensor.matmul K.T K + μ * Tensor.eye d) (Tensor.matmul K.T f))

        Tensor.concat 0 [ g; step; f ]

    let run =
        Program.compile [| DType.Float64, [| count; 2 * d + 1 |] |] [| false |] (fun rows -> [|
            Diff.vmap one rows[0]
        |])
        |> _.CreateRun()

    let moved (walker: Walker) =
        Array.map2 (fun x δ -> x + walker.Length * δ) walker.X walker.Step

    let reject (walker: Walker) =
        if walker.Length > shortest && Finite.all walker.Step then
            walker.Length <- 0.5 * walker.Length
            walker.Query <- moved walker
        elif walker.Damping < greatestDamping then
            walker.Damping <- dampingFactor * walker.Damping
            // The step from the point itself is made again, more damped.
            walker.Merit <- infinity
            walker.Query <- walker.X
        else
            walker.IsWalking <- false

    let accept (walker: Walker) merit (step: float[]) =
        // A step made again at the same point is no progress that would relax the damping.
        if not (obj.ReferenceEquals(walker.Query, walker.X)) then
            walker.Damping <- max 1.0 (walker.Damping / dampingFactor)

        walker.X <- walker.Query
        walker.Merit <- merit
        walker.Step <- step
        walker.Length <- 1.0
        walker.Query <- moved walker

    /// Up to how many starts one call takes.
    member _.Count = count

    /// <param name="deflation">The points to keep away from.</param>
    /// <param name="isLost">Whether a point is too far away to come back.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <param name="starts">At most Count.</param>
    /// <returns>For each start a point near a zero of the field, or null.</returns>
    member _.Walk
        (deflation: Deflation, isLost: float[] -> bool, cancellation: CancellationToken, starts: float[][])
        : float[][] =
        let walkers = starts |> Array.map Walker
        let logarithms = Array.zeroCreate<float> starts.Length
        let input, output = run.Input 0, run.Output 0
        let width, results = 2 * d + 1, 3 * d

        let isArrived row =
            Seq.forall (fun entry -> abs output[row + 2 * d + entry] <= arrived) (seq { 0 .. d - 1 })

        let write i (walker: Walker) =
            let row = input.AsSpan(i * width, width)
            row.Clear()
            walker.Query.CopyTo row
            logarithms[i] <- deflation.Evaluate(walker.Query, row.Slice(d, d))
            row[2 * d] <- walker.Damping

        let read i (walker: Walker) =
            let row = i * results

            let g =
                sqrt (Seq.sumBy (fun entry -> output[row + entry] ** 2.0) (seq { 0 .. d - 1 }))

            let merit = log g + logarithms[i]

            if isArrived row then
                walker.X <- walker.Query
                walker.HasArrived <- true
                walker.IsWalking <- false
            elif isLost walker.Query && not (Double.IsPositiveInfinity walker.Merit) then
                reject walker
            elif merit < walker.Merit + log (1.0 - sufficient * walker.Length) then
                accept walker merit output[row + d .. row + 2 * d - 1]
            elif Double.IsPositiveInfinity walker.Merit then
                walker.IsWalking <- false
            else
                reject walker

        let rec go k =
            cancellation.ThrowIfCancellationRequested()

            if k < limit && walkers |> Array.exists _.IsWalking then
                walkers
                |> Array.iteri (fun i walker ->
                    if walker.IsWalking then
                        write i walker)

                run.Execute()

                walkers
                |> Array.iteri (fun i walker ->
                    if walker.IsWalking then
                        read i walker)

                go (k + 1)

        go 0

        walkers
        |> Array.map (fun walker -> if walker.HasArrived then walker.X else null)
