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
    let mutable chosen = 0.0
    let mutable ends, wasRejected, isPossible = false, false, true

    let norm (x: float[]) (values: float[]) =
        Array.fold2
            (fun sum x value ->
                let part = value / (absolute + relative * abs x)
                sum + part * part)
            0.0
            x
            values
        |> fun sum -> sqrt (sum / float x.Length)

    /// t.
    member val Time = 0.0 with get, set

    /// The time at which the step in hand began.
    member val Began = 0.0 with get, set

    member val Accepted = 0 with get, set
    member val Rejected = 0 with get, set

    /// Goes to the end of an Euler step that changes x by a hundredth; tells its size.
    member _.Probe(until: float) : float =
        let x, f = pair.X, pair.First
        let sizeOfX, sizeOfF = norm x x, norm x f

        let trial =
            if sizeOfX < 1e-5 || sizeOfF < 1e-5 then
                1e-6
            else
                0.01 * sizeOfX / sizeOfF

        let trial = min trial until
        pair.Euler trial
        trial

    /// The size of the first step: what the slope's change along the probe, now in the pair's first stage, allows.
    member _.Begin(trial: float, until: float) =
        let x, f = pair.X, pair.First
        let bend = norm x (Array.map2 (-) (pair.Slope 1) f) / trial
        let most = max bend (norm x f)

        let allowed =
            if not (Double.IsFinite most) then 1e-3 * trial
            elif most <= 1e-15 then max 1e-6 (1e-3 * trial)
            else (0.01 / most) ** (1.0 / order)

        size <- List.min [ 100.0 * trial; allowed; until ]
        // Below this, t + size is t to a few bits.
        smallest <- 4.0 * Double.Epsilon + size * 1e-12

    /// The size of the step to be tried, which does not go past a time.
    member this.Choose(until: float) : float =
        // A little more than the rest is not left for a tiny step.
        ends <- this.Time + 1.01 * size >= until
        chosen <- if ends then until - this.Time else size
        chosen

    /// Whether there is a step that is longer than rounding to be tried.
    member _.IsPossible = isPossible

    /// Whether the step that was tried keeps the error within tolerance; else a shorter one is to be tried.
    member this.Accept(until: float) : bool =
        let error = pair.Error(absolute, relative)
        let grown = error ** exponent

        if error <= 1.0 then
            let factor = safety / (grown / remembered ** β)
            let factor = min longest (max shortest factor)
            let factor = if wasRejected then min 1.0 factor else factor
            remembered <- max error leastRemembered
            wasRejected <- false
            this.Began <- this.Time
            this.Time <- if ends then until else this.Time + chosen
            // A step that was cut short by the end says little about the next one.
            size <- if ends then max size (chosen * factor) else chosen * factor
            this.Accepted <- this.Accepted + 1
            true
        else
            size <- chosen * max shortest (safety / grown)
            this.Rejected <- this.Rejected + 1
            wasRejected <- true
            let floor = max smallest (16.0 * 2.220446049250313e-16 * this.Time)
            isPossible <- size > floor
            false
