namespace Stackelberg

open System

/// One step of the embedded Runge–Kutta pair of orders 5 and 4 of Dormand and Prince (1980) for ẋ = f(x), with the
/// interpolant of order 4 between its ends: Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I,
/// table II.5.2 and equation II.6.9 f. A step allocates nothing.
[<Sealed>]
type internal DormandPrince(dimension: int, slope: Action<float[], float[]>) =

    /// What each stage takes of those before it; the last row is the solution of order 5 as well.
    static let stages = [|
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
    static let errors = [|
        71.0 / 57600.0
        0.0
        -71.0 / 16695.0
        71.0 / 1920.0
        -17253.0 / 339200.0
        22.0 / 525.0
        -1.0 / 40.0
    |]

    /// The interpolant's fourth-order part.
    static let bends = [|
        -12715105075.0 / 11282082432.0
        0.0
        87487479700.0 / 32700410799.0
        -10690763975.0 / 1880347072.0
        701980252875.0 / 199316789632.0
        -1453857185.0 / 822651844.0
        69997945.0 / 29380423.0
    |]

    let k = Array.init stages.Length (fun _ -> Array.zeroCreate<float> dimension)
    let last = stages.Length - 1
    let x, next = Array.zeroCreate<float> dimension, Array.zeroCreate<float> dimension
    let mutable size = 0.0

    /// x plus the step's size times a combination of the first stages.
    let combine (weights: float[]) =
        for i in 0 .. dimension - 1 do
            let mutable sum = 0.0

            for stage in 0 .. weights.Length - 1 do
                sum <- sum + weights[stage] * k[stage][i]

            next[i] <- x[i] + size * sum

    /// Where the step begins.
    member _.X = x

    /// Where the step ends. The owner may change it before Move, as onto a box.
    member _.Next = next

    /// f(x).
    member _.First = k[0]

    /// f at the end of the step.
    member _.Last = k[last]

    member _.Start(from: float[]) =
        Array.blit from 0 x 0 dimension
        slope.Invoke(x, k[0])

    /// Makes a step of size h from x to Next.
    member _.Try(h: float) =
        size <- h

        for stage in 1..last do
            combine stages[stage]
            slope.Invoke(next, k[stage])

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

    /// Goes to the step's end. The slope there is known, unless the end was changed.
    member _.Move(isChanged: bool) =
        Array.blit next 0 x 0 dimension

        if isChanged then
            slope.Invoke(x, k[0])
        else
            Array.blit k[last] 0 k[0] 0 dimension
