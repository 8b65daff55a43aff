namespace Stackelberg

open System

/// How a relaxation ended.
[<RequireQualifiedAccess>]
type internal Relaxed =
    /// Its steps have become short at large time steps: near a critical point.
    | Settled of point: float[]
    | Failed of FindFailure

/// The flow ẋ = −g in the players' boxes by implicit Euler steps, ever longer ones while the field stays what its
/// linearisation says (pseudo-transient continuation, Kelley and Keyes 1998): leads where Newton's steps have nothing to
/// go by, along linear and flat costs, down each player's own cost.
module internal Relaxation =

    let private limit = 400

    /// What the field may differ by from its linearisation after a step, as a share of itself; and below what the next
    /// step may be much longer.
    let private acceptable, excellent = 0.5, 0.05

    /// By how much the damping changes after a refused, a good and an excellent step.
    let private refused, good, better = 4.0, 0.3, 0.03

    /// Damping is relative to each player's own second derivatives; from this on no step is short enough.
    let private greatest = 1e14

    /// Newton's steps take over when the damping is so small and the step so short, relative to a point's size.
    let private settledBelow = 1e-6

    /// A point so far from its start, relative to their size, has run away.
    let private farAway = 1e12

    /// Above this dimension a player's own curvature is not decomposed.
    let private decomposedUpTo = 200

    let private size (x: float[]) =
        x |> Array.fold (fun most value -> max most (abs value)) 1.0

    /// What brings a player's rows to about 1: its own curvature, or where there is none its slope by its distance.
    let private scales (game: Game) (x: float[]) (g: float[]) (jacobian: float[,]) =
        let ofPlayer index =
            let own = [| game.Offsets[index] .. game.Offsets[index + 1] - 1 |]
            let slope = own |> Array.fold (fun most i -> max most (abs g[i])) 0.0
            let distance = own |> Array.fold (fun most i -> max most (abs x[i])) 1.0
            max (Dense.norm (Dense.select own own jacobian)) (slope / distance)

        let each = Array.init game.Players.Length ofPlayer
        Array.init game.Dimension (fun entry -> max each[game.OwnerOf entry] Double.Epsilon)

    /// The damping relative to the scales that makes every player's own second derivatives positive definite.
    let private convexFrom (game: Game) (scale: float[]) isFree (jacobian: float[,]) =
        let ofPlayer index =
            let own =
                [| game.Offsets[index] .. game.Offsets[index + 1] - 1 |] |> Array.filter isFree

            if own.Length = 0 || own.Length > decomposedUpTo then
                0.0
            else
                let curvatures =
                    Dense.select own own jacobian |> Dense.symmetricPart |> Dense.eigenvalues

                let least = curvatures |> Array.fold (fun least value -> min least value.Real) 0.0
                -1.5 * least / scale[own[0]]

        Seq.init game.Players.Length ofPlayer |> Seq.max

    /// From a start on, with the fixed entries staying what they are.
    let run
        (cancellation: Threading.CancellationToken)
        (program: FieldProgram)
        (isFixed: int -> bool)
        (start: float[])
        : Relaxed =
        let game, field = program.Game, FieldRun program
        let d = game.Dimension
        let all = [| 0 .. d - 1 |]
        let struct (lower, upper) = BoxStep.bounds game

        for entry in all do
            if isFixed entry then
                lower[entry] <- start[entry]
                upper[entry] <- start[entry]

        let evaluate x =
            let g = Array.zeroCreate d
            field.Evaluate(x, g)
            g

        /// Whether two points this near have fields of opposite signs, neither of them small.
        let isKink i (g: float[]) (there: float[]) =
            lower[i] < upper[i]
            && g[i] * there[i] < 0.0
            && min (abs g[i]) (abs there[i]) > 1e-3 * max (abs g[i]) (abs there[i])

        let rec iterate k (damping: float) (x: float[]) (g: float[]) (jacobian: float[,]) (last: float) =
            cancellation.ThrowIfCancellationRequested()
            let scale = scales game x g jacobian

            let isFree i =
                not (x[i] <= lower[i] && g[i] > 0.0 || x[i] >= upper[i] && g[i] < 0.0)

            let least = convexFrom game scale isFree jacobian

            let rec attempt (damping: float) (failed: float[]) =
                if damping > greatest then
                    match failed with
                    | null -> Error ValueNone
                    | failed -> Error(ValueSome failed)
                else
                    let matrix =
                        Array2D.init d d (fun i j ->
                            if i = j then
                                jacobian[i, i] + damping * scale[i]
                            else
                                jacobian[i, j])

                    match BoxStep.solve (lower, upper) matrix x g with
                    | null -> attempt (refused * damping) failed
                    | δ ->
                        let next = Array.map2 (+) x δ

                        for i in all do
                            next[i] <- min upper[i] (max lower[i] next[i])

                        let there = evaluate next

                        // The step that was made, after rounding.
                        let δ = Array.map2 (-) next x
                        let mutable error, whole = 0.0, 0.0

                        for i in all do
                            if δ[i] <> 0.0 then
                                let predicted = Seq.fold (fun sum j -> sum + jacobian[i, j] * δ[j]) g[i] all

                                error <- max error (abs (there[i] - predicted) / scale[i])
                                whole <- max whole (abs g[i] / scale[i])

                        if Array.forall (fun value -> value = 0.0) δ then
                            attempt infinity failed
                        elif not (Finite.all there) || error > acceptable * whole then
                            attempt (refused * damping) there
                        else
                            Ok struct (damping, next, there, δ, error <= excellent * whole)

            let norm =
                all
                |> Array.sumBy (fun i -> (x[i] - min upper[i] (max lower[i] (x[i] - g[i]))) ** 2.0)
                |> sqrt

            if norm = 0.0 then
                Relaxed.Settled x
            else
                match attempt (max damping least) null with
                | Error there ->
                    match there with
                    | ValueSome there when Array.exists (fun i -> isKink i g there) all ->
                        let entry = Array.find (fun i -> isKink i g there) all
                        Relaxed.Failed(FindFailure.Kink(game.Players[game.OwnerOf entry].Name, x))
                    | _ -> Relaxed.Failed(FindFailure.Stuck(k, norm, x))
                | Ok struct (used, next, there, δ, isExcellent) ->
                    let step = δ |> Array.fold (fun most value -> max most (abs value)) 0.0
                    let isShort = step <= settledBelow * size next

                    if isShort && used <= 1e-4 then
                        Relaxed.Settled next
                    elif size next > farAway * size start then
                        Relaxed.Failed(FindFailure.RunsAway(k, norm, next, step))
                    elif k = limit then
                        if step >= 0.5 * last && not isShort then
                            Relaxed.Failed(FindFailure.RunsAway(k, norm, next, step))
                        else
                            Relaxed.Failed(FindFailure.OutOfIterations(limit, norm, next))
                    else
                        let jacobian = field.Jacobian next

                        if Finite.matrix jacobian then
                            iterate
                                (k + 1)
                                (max 1e-300 (used * (if isExcellent then better else good)))
                                next
                                there
                                jacobian
                                step
                        else
                            Relaxed.Failed(FindFailure.Stuck(k, norm, next))

        let g = evaluate start

        let jacobian = if Finite.all g then field.Jacobian start else null

        if isNull jacobian || not (Finite.matrix jacobian) then
            Relaxed.Failed(FindFailure.Stuck(0, nan, start))
        else
            iterate 0 1.0 start g jacobian infinity
