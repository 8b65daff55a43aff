namespace Stackelberg

open System

/// The coefficients of the pair.
module internal DormandPrinceTable =

    /// What each stage takes of those before it; the last row is the solution of order 5 as well.
    let stages = [|
        [||]
        [| 1.0 / 5.0 |]
        [| 3.0 / 40.0; 9.0 / 40.0 |]
        [| 44.0 / 45.0; -56.0 / 15.0; 32.0 / 9.0 |]
        [| 19372.0 / 6561.0; -25360.0 / 2187.0; 64448.0 / 6561.0; -212.0 / 729.0 |]
        [|
            9017.0 / 3168.0
            -355.0 / 33.0
            46732.0 / 5247.0
            49.0 / 176.0
            -5103.0 / 18656.0
        |]
        [|
            35.0 / 384.0
            0.0
            500.0 / 1113.0
            125.0 / 192.0
            -2187.0 / 6784.0
            11.0 / 84.0
        |]
    |]

    /// The solution of order 5 less that of order 4.
    let errors = [|
        71.0 / 57600.0
        0.0
        -71.0 / 16695.0
        71.0 / 1920.0
        -17253.0 / 339200.0
        22.0 / 525.0
        -1.0 / 40.0
    |]

    /// The interpolant's fourth-order part.
    let bends = [|
        -12715105075.0 / 11282082432.0
        0.0
        87487479700.0 / 32700410799.0
        -10690763975.0 / 1880347072.0
        701980252875.0 / 199316789632.0
        -1453857185.0 / 822651844.0
        69997945.0 / 29380423.0
    |]

/// One step of the embedded Runge–Kutta pair of orders 5 and 4 of Dormand and Prince (1980) for ẋ = f(x), with the
/// interpolant of order 4 between its ends: Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I,
/// table II.5.2 and equation II.6.9 f. The owner finds the slopes: f(X) into Slope 0 at the start, then in each step f(Next)
/// into Slope k after Aim k, for k from 1 to LastStage. A step allocates nothing.
[<Sealed>]
type internal DormandPrince(dimension: int) =

    let stages, errors, bends =
        DormandPrinceTable.stages, DormandPrinceTable.errors, DormandPrinceTable.bends

    let k = Array.init stages.Length (fun _ -> Array.zeroCreate<float> dimension)
    let last = stages.Length - 1
    let x, next = Array.zeroCreate<float> dimension, Array.zeroCreate<float> dimension
    let mutable size = 0.0

    let k0, k1, k2, k3, k4, k5 = k[0], k[1], k[2], k[3], k[4], k[5]

    /// x plus the step's size times a combination of the first stages.
    let combine (w: float[]) =
        match w.Length with
        | 1 ->
            for i in 0 .. dimension - 1 do
                next[i] <- x[i] + size * (w[0] * k0[i])
        | 2 ->
            for i in 0 .. dimension - 1 do
                next[i] <- x[i] + size * (w[0] * k0[i] + w[1] * k1[i])
        | 3 ->
            for i in 0 .. dimension - 1 do
                next[i] <- x[i] + size * (w[0] * k0[i] + w[1] * k1[i] + w[2] * k2[i])
        | 4 ->
            for i in 0 .. dimension - 1 do
                next[i] <- x[i] + size * (w[0] * k0[i] + w[1] * k1[i] + w[2] * k2[i] + w[3] * k3[i])
        | 5 ->
            for i in 0 .. dimension - 1 do
                next[i] <-
                    x[i]
                    + size
                      * (w[0] * k0[i] + w[1] * k1[i] + w[2] * k2[i] + w[3] * k3[i] + w[4] * k4[i])
        | _ ->
            for i in 0 .. dimension - 1 do
                next[i] <-
                    x[i]
                    + size
                      * (w[0] * k0[i]
                         + w[1] * k1[i]
                         + w[2] * k2[i]
                         + w[3] * k3[i]
                         + w[4] * k4[i]
                         + w[5] * k5[i])

    /// Where the step begins.
    member _.X = x

    /// Where a stage asks for its slope; after the last stage where the step ends. The owner may change that before Move, as
    /// onto a box.
    member _.Next = next

    /// The stages of a step that ask for slopes are 1 to this one.
    static member LastStage = 6

    /// f at a stage.
    member _.Slope(stage: int) = k[stage]

    /// f(x).
    member _.First = k[0]

    /// f at the end of the step.
    member _.Last = k[last]

    member _.Start(from: float[]) = Array.blit from 0 x 0 dimension

    /// Goes to the end of a step of Euler's method of size h from X; its slope may go into Slope 1.
    member _.Euler(h: float) =
        for i in 0 .. dimension - 1 do
            next[i] <- x[i] + h * k[0][i]

    /// Goes to the point of a stage of a step of size h from X.
    member _.Aim(stage: int, h: float) =
        size <- h
        combine stages[stage]

    /// The root mean square of the step's error, each entry over absolute + relative · max(|x|, |next|); infinite where a
    /// stage was not finite.
    member _.Error(absolute: float, relative: float) =
        let mutable sum = 0.0

        for i in 0 .. dimension - 1 do
            let mutable error = 0.0

            for stage in 0..last do
                error <- error + errors[stage] * k[stage][i]

            let scale = absolute + relative * max (abs x[i]) (abs next[i])
            let part = size * error / scale
            sum <- sum + part * part

        let error = sqrt (sum / float dimension)
        if Double.IsFinite error then error else infinity

    /// The solution at x + θ · size, 0 ≤ θ ≤ 1, until Move.
    member _.Interpolate(θ: float, into: float[]) =
        for i in 0 .. dimension - 1 do
            let change = next[i] - x[i]
            let left = size * k[0][i] - change
            let right = change - size * k[last][i] - left
            let mutable bend = 0.0

            for stage in 0..last do
                bend <- bend + bends[stage] * k[stage][i]

            let inner = left + θ * (right + (1.0 - θ) * size * bend)
            into[i] <- x[i] + θ * (change + (1.0 - θ) * inner)

    /// Goes to the step's end. The slope there is known, unless the end was changed; then the owner finds it anew.
    member _.Move(isChanged: bool) =
        Array.blit next 0 x 0 dimension

        if not isChanged then
            Array.blit k[last] 0 k[0] 0 dimension
