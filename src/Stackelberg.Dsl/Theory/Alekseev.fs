namespace Stackelberg

open System
open MathNet.Numerics.Integration
open MathNet.Numerics.LinearAlgebra

/// <summary>A flow with its fundamental matrices.</summary>
[<RequireQualifiedAccess>]
type FundamentalRun = {
    /// The times that were reached, from 0.
    Times: float[]
    /// The flow u there, each of length d.
    Points: float[][]
    /// Φ there, each [d, d]: the derivative of u(t) in the start.
    Matrices: float[,][]
    /// How the integration ended.
    Outcome: FlowOutcome
}

/// <summary>Both sides of Alekseev's formula at one time.</summary>
[<RequireQualifiedAccess>]
type AlekseevRun = {
    /// u(t), of the flow itself.
    Flow: float[]
    /// p(t), of the perturbed flow.
    Perturbed: float[]
    /// ∫ Φ(t, s, p(s)) g(s, p(s)) ds, by which they differ.
    Integral: float[]
    /// ‖p − u − ∫‖₂: what the integrations' errors leave.
    Residual: float
}

/// <summary>How a flow moves with its start, and what a perturbation along the way does to its end: Alekseev's formula, by which
/// the concentration bounds compare learning with a flow.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), Theorem 3 and equation (14); V. M. Alekseev (1961).</remarks>
[<RequireQualifiedAccess>]
module Alekseev =

    /// The flow u̇ = −τ g(u) and, if wanted, Φ̇ = −τ Dg(u) Φ behind it in one vector, plus a perturbation of u̇.
    let private system
        (game: Game)
        (direction: Direction)
        (scales: float[])
        hasMatrix
        (perturbation: float[] -> float[])
        =
        let d = game.Dimension
        let field = FieldRun(FieldProgram.Of direction game)
        let at, g = Array.zeroCreate d, Array.zeroCreate d

        let scaleOf =
            Array.init d (fun entry ->
                if scales.Length = 0 then
                    1.0
                else
                    scales[game.OwnerOf entry])

        Action<float[], float[]>(fun state into ->
            Array.blit state 0 at 0 d
            field.Evaluate(at, g)
            let added = perturbation at

            for i in 0 .. d - 1 do
                into[i] <- -scaleOf[i] * g[i] + (if added.Length = 0 then 0.0 else added[i])

            if hasMatrix then
                let jacobian = field.Jacobian at

                for i in 0 .. d - 1 do
                    for j in 0 .. d - 1 do
                        let mutable sum = 0.0

                        for k in 0 .. d - 1 do
                            sum <- sum + jacobian[i, k] * state[d + k * d + j]

                        into[d + i * d + j] <- -scaleOf[i] * sum)

    /// From a state at time 0 to rising times, as far as it goes.
    let private integrate (settings: FlowSettings) times slope start =
        let system = FlowSystem.ofSlope "the field or its Jacobian at the start" slope

        let struct (states, outcome) =
            (FlowTimes.integrate settings times system [| start |])[0]

        settings.Cancellation.ThrowIfCancellationRequested()
        states, outcome

    let private checkSettings func (settings: FlowSettings) (game: Game) =
        Require.positive func (nameof settings.Until) settings.Until
        Require.positive func (nameof settings.Absolute) settings.Absolute
        Require.positive func (nameof settings.Relative) settings.Relative
        Require.atLeastOne func (nameof settings.MaxSteps) settings.MaxSteps

        if
            settings.TimeScales.Length > 0
            && settings.TimeScales.Length <> game.Players.Length
        then
            Require.wrong
                func
                (nameof settings.TimeScales)
                (invariant
                    $"holds {settings.TimeScales.Length} speeds, but none or {game.Players.Length} are needed (one for each player).")

        settings.TimeScales
        |> Array.iter (Require.positive func (nameof settings.TimeScales))

        for before, after in Array.pairwise (Array.append [| 0.0 |] settings.Times) do
            if not (before <= after && after <= settings.Until) then
                Require.wrong
                    func
                    (nameof settings.Times)
                    (invariant
                        $"goes from {before} to {after}, but the times must rise from 0 to Until, {settings.Until}.")

    let private checkDirection func (direction: Direction) =
        if direction.Inputs > 0 then
            Require.wrong
                func
                (nameof direction)
                (invariant
                    $"is {direction}, which takes {direction.Inputs} further inputs, but a flow has none.")

    let private identity d =
        Array.init (d * d) (fun k -> if k / d = k % d then 1.0 else 0.0)

    /// <summary>Integrates u̇ = −τ g(u) with its fundamental matrix, Φ̇ = −τ Dg(u) Φ, Φ = I at the start: Φ(t) is the derivative of
    /// u(t) in u(0). The field does not depend on time, so that Φ(t, s, u₀) is Φ(t − s) from u₀.</summary>
    /// <param name="settings">As for Flow.run; Times, or the end alone if there are none. FieldBelow is not read.</param>
    /// <param name="direction">g, for example Direction.ofConjecture Conjecture.none for ω.</param>
    /// <param name="x">The start, shape [d].</param>
    /// <param name="game">The game, without bounds. Angles are not wrapped.</param>
    /// <returns>The flow and its matrices at the times reached; how it ended is a value.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape or is not finite, a setting is out of range or does not fit
    /// the game, the game has bounds, or the direction has further inputs.</exception>
    /// <remarks>d + d² numbers by the pair of Dormand and Prince, one dense Jacobian for each stage: small games.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// // ẋ = −x, ẏ = −2 y: Φ(1) = diag(e^−1, e^−2).
    /// let game = Game.twoPlayer "g" (fun x _ -> 0.5 * x * x) (fun _ y -> y * y)
    /// let settings = { Flow.settings with Until = 1.0 }
    /// let run = game |> Alekseev.fundamental settings (Direction.ofConjecture Conjecture.none) (Tensor.ofList [ 3.0; 4.0 ])
    /// (Array.last run.Matrices)[0, 0] // 0.36787944
    /// </code>
    /// </example>
    let fundamental
        (settings: FlowSettings)
        (direction: Direction)
        (x: Tensor)
        (game: Game)
        : FundamentalRun =
        let func = "Alekseev.fundamental"
        LevelCheck.noBounds func game
        checkSettings func settings game
        checkDirection func direction
        let start = PointCheck.entries func (nameof x) game x
        let d = game.Dimension

        let times =
            if settings.Times.Length = 0 then
                [| settings.Until |]
            else
                settings.Times

        let states, outcome =
            Array.append start (identity d)
            |> integrate settings times (system game direction settings.TimeScales true (fun _ -> [||]))

        {
            Times = Array.truncate states.Length times
            Points = states |> Array.map (Array.truncate d)
            Matrices =
                states
                |> Array.map (fun state -> Array2D.init d d (fun i j -> state[d + i * d + j]))
            Outcome = outcome
        }

    /// <summary>Both sides of Alekseev's formula, for u̇ = −τ g(u) and ṗ = −τ g(p) + h(s, p) from one start:
    /// p(t) = u(t) + ∫₀ᵗ Φ(t, s, p(s)) h(s, p(s)) ds.</summary>
    /// <param name="nodes">At so many times the integrand is found, by Gauss and Legendre's rule, 2 to 64; each takes an integration
    /// from there to the end.</param>
    /// <param name="perturbation">h, from the time and the perturbed point to d numbers.</param>
    /// <param name="settings">As for Flow.run: Until is t.</param>
    /// <param name="direction">g.</param>
    /// <param name="x">The start of both, shape [d].</param>
    /// <param name="game">The game, without bounds.</param>
    /// <exception cref="T:System.ArgumentException">As fundamental; nodes is out of range, the perturbation has another length.</exception>
    /// <exception cref="T:System.InvalidOperationException">One of the flows does not reach the time.</exception>
    /// <remarks>What differs from the source: the perturbed flow is integrated with time as one more entry, and the formula's two sides
    /// are returned rather than one of them: their difference is the error of the integrations and of the rule.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// // u̇ = −u and ṗ = −p + 1 from 0: both sides are 1 − e^−t.
    /// let game = Game.twoPlayer "g" (fun x _ -> 0.5 * x * x) (fun _ y -> 0.5 * y * y)
    /// let run =
    ///     game |> Alekseev.perturbed 8 (fun _ _ -> [| 1.0; 0.0 |]) { Flow.settings with Until = 1.0 } (Direction.ofConjecture Conjecture.none) (Tensor.zeros [ 2 ])
    /// run.Perturbed[0], run.Integral[0] // 0.63212056, 0.63212056
    /// </code>
    /// </example>
    let perturbed
        (nodes: int)
        (perturbation: float -> float[] -> float[])
        (settings: FlowSettings)
        (direction: Direction)
        (x: Tensor)
        (game: Game)
        : AlekseevRun =
        let func = "Alekseev.perturbed"
        LevelCheck.noBounds func game
        checkSettings func settings game
        checkDirection func direction

        if nodes < 2 || nodes > 64 then
            Require.wrong func (nameof nodes) (invariant $"is {nodes}, but 2 to 64 are possible.")

        let start = PointCheck.entries func (nameof x) game x
        let d, until = game.Dimension, settings.Until

        let perturb time point =
            let added = perturbation time point

            if added.Length <> d then
                Require.wrong
                    func
                    (nameof perturbation)
                    (invariant $"gives {added.Length} numbers, but {d} are needed ({game.Describe()}).")

            added

        let need what (states: float[][], outcome: FlowOutcome) (times: float[]) =
            if states.Length < times.Length then
                invalidOp (invariant $"{func}: {what} does not reach the time {Array.last times}: {outcome}.")

            states

        let rule = GaussLegendreRule(0.0, until, nodes)
        let order = Array.init nodes id |> Array.sortBy rule.GetAbscissa
        let at = order |> Array.map rule.GetAbscissa
        let times = Array.append at [| until |]
        let plain = system game direction settings.TimeScales false (fun _ -> [||])

        // Time is the last entry.
        let disturbed =
            let point = Array.zeroCreate d
            let time = ref 0.0

            let inner =
                system game direction settings.TimeScales false (fun at -> perturb time.Value at)

            Action<float[], float[]>(fun state into ->
                time.Value <- state[d]
                Array.blit state 0 point 0 d
                inner.Invoke(point, into)
                into[d] <- 1.0)

        let path =
            need
                "the perturbed flow"
                (integrate settings times disturbed (Array.append start [| 0.0 |]))
                times
            |> Array.map (Array.truncate d)

        let flow =
            (need "the flow" (integrate settings [| until |] plain start) [| until |])[0]

        let whole = system game direction settings.TimeScales true (fun _ -> [||])
        let mutable sum = CreateVector.Dense<float> d

        for k in 0 .. nodes - 1 do
            let rest = [| until - at[k] |]

            let state =
                (need "the flow" (integrate settings rest whole (Array.append path[k] (identity d))) rest)[0]

            let matrix = CreateMatrix.Dense(d, d, (fun i j -> state[d + i * d + j]))

            sum <-
                sum
                + rule.GetWeight order[k] * (matrix * CreateVector.Dense(perturb at[k] path[k]))

        let last = path[nodes]

        {
            Flow = flow
            Perturbed = last
            Integral = sum.ToArray()
            Residual = (CreateVector.Dense last - CreateVector.Dense flow - sum).L2Norm()
        }
