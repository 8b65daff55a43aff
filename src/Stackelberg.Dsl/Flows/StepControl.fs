namespace Stackelberg

open System

/// Chooses the sizes of a pair's steps by proportional and integral control of the error, as DOPRI5 does (Hairer, Nørsett
/// and Wanner, section II.4).
[<Sealed>]
type internal StepControl(pair: DormandPrince, absolute: float, relative: float) =

    let order = 5.0
    let β = 0.04
    let exponent = 1.0 / order - 0.75 * β
    let safety = 0.9

    /// A step is at most ten times longer than the last, at least a fifth.
    let longest, shortest = 10.0, 0.2

    /// Of the last accepted step.
    let leastRemembered = 1e-4

    let mutable remembered = leastRemembered
    let mutable size = 0.0
    let mutable smallest = 0.0

    let norm (x: float[]) (values: float[]) =
        Array.fold2
            (fun sum x value ->
                let part = value / (absolute + relative * abs x)
                sum + part * part)
            0.0
            x
            values
        |> fun sum -> sqrt (sum / float x.Length)

    /// A first size: an Euler step that changes x by a hundredth, then what the change of the slope along it allows.
    let first (slope: Action<float[], float[]>) (until: float) =
        let x, f = pair.X, pair.First
        let sizeOfX, sizeOfF = norm x x, norm x f

        let trial =
            if sizeOfX < 1e-5 || sizeOfF < 1e-5 then
                1e-6
            else
                0.01 * sizeOfX / sizeOfF

        let trial = min trial until
        let moved = Array.map2 (fun x f -> x + trial * f) x f
        let changed = Array.zeroCreate x.Length
        slope.Invoke(moved, changed)
        let bend = norm x (Array.map2 (-) changed f) / trial
        let most = max bend sizeOfF

        let allowed =
            if not (Double.IsFinite most) then 1e-3 * trial
            elif most <= 1e-15 then max 1e-6 (1e-3 * trial)
            else (0.01 / most) ** (1.0 / order)

        List.min [ 100.0 * trial; allowed; until ]

    /// t.
    member val Time = 0.0 with get, set

    /// The time at which the step in hand began.
    member val Began = 0.0 with get, set

    member val Accepted = 0 with get, set
    member val Rejected = 0 with get, set

    /// The size of the step to be tried next.
    member _.Size = size

    member _.Begin(slope, until) =
        size <- first slope until
        // Below this, t + size is t to a few bits.
        smallest <- 4.0 * Double.Epsilon + size * 1e-12

    /// The pair's next step, not past a time, of a size that keeps the error within tolerance; false if there is none
    /// that is longer than rounding.
    member this.Advance(until: float) =
        let mutable isAccepted = false
        let mutable wasRejected = false
        let mutable isPossible = true

        while not isAccepted && isPossible do
            // A little more than the rest is not left for a tiny step.
            let ends = this.Time + 1.01 * size >= until
            let h = if ends then until - this.Time else size
            pair.Try h
            let error = pair.Error(absolute, relative)
            let grown = error ** exponent

            if error <= 1.0 then
                let factor = safety / (grown / remembered ** β)
                let factor = min longest (max shortest factor)
                let factor = if wasRejected then min 1.0 factor else factor
                remembered <- max error leastRemembered
                this.Began <- this.Time
                this.Time <- if ends then until else this.Time + h
                // A step that was cut short by the end says little about the next one.
                size <- if ends then max size (h * factor) else h * factor
                this.Accepted <- this.Accepted + 1
                isAccepted <- true
            else
                size <- h * max shortest (safety / grown)
                this.Rejected <- this.Rejected + 1
                wasRejected <- true
                let floor = max smallest (16.0 * 2.220446049250313e-16 * this.Time)
                isPossible <- size > floor

        isAccepted
