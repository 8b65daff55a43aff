namespace Stackelberg

open System

/// How a rate goes for k → ∞, as far as sums over it are concerned.
[<RequireQualifiedAccess>]
type internal RateOrder =
    /// As c k^(−p).
    | Power of c: float * p: float
    /// As c ν^k.
    | Geometric of c: float * ν: float
    /// A function of which only values are known.
    | Unknown

/// <summary>A learning rate as a function of the step, which counts from 1.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Rate internal (name: string, order: RateOrder, isConstant: bool, at: int -> float) =

    /// One whose order tells whether it is constant.
    internal new(name, order, at) =
        let isConstant =
            match order with
            | RateOrder.Power(_, 0.0) -> true
            | _ -> false

        Rate(name, order, isConstant, at)

    /// <summary>The rate of step k.</summary>
    /// <param name="k">The step, from 1.</param>
    member _.At k = at k

    member internal _.Order = order

    /// Whether every step has the same.
    member internal _.IsConstant = isConstant

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The formula.</summary>
    override _.ToString() = name

/// <summary>Learning rates by name. Every schedule counts steps k from 1.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rate =

    let private check name (value: float) = Require.finite "Rate" name value

    let private geometric c ν =
        if ν = 1.0 then
            RateOrder.Power(c, 0.0)
        else
            RateOrder.Geometric(c, ν)

    /// <summary>c at every step.</summary>
    [<CompiledName("Constant")>]
    let constant (c: float) =
        check (nameof c) c
        Rate((invariant $"{c}"), RateOrder.Power(c, 0.0), (fun _ -> c))

    /// <summary>c k^(−p).</summary>
    /// <example><code lang="fsharp">(Rate.power 1.0 (2.0 / 3.0)).At 8 // 0.25</code></example>
    [<CompiledName("Power")>]
    let power (c: float) (p: float) =
        check (nameof c) c
        check (nameof p) p
        Rate((invariant $"{c} k^(-{p})"), RateOrder.Power(c, p), (fun k -> c * float k ** -p))

    /// <summary>c ν^k: the first step's rate is c ν already, as in the published covariance and GAN code.</summary>
    [<CompiledName("Exponential")>]
    let exponential (c: float) (ν: float) =
        check (nameof c) c
        check (nameof ν) ν
        Rate((invariant $"{c} * {ν}^k"), geometric c ν, (fun k -> c * ν ** float k))

    /// <summary>c ν^(k−1): the first step's rate is c, as of a scheduler that decays after each step; the follower's in the
    /// published GAN code.</summary>
    [<CompiledName("ExponentialFromZero")>]
    let exponentialFromZero (c: float) (ν: float) =
        check (nameof c) c
        check (nameof ν) ν
        Rate((invariant $"{c} * {ν}^(k-1)"), geometric c ν, (fun k -> c * ν ** float (k - 1)))

    /// <summary>1 / (t + 1) with t = k − 1 from 0, as the published duopoly and torus code writes 1/k.</summary>
    let harmonicFromZero =
        Rate("1 / (t + 1), t = k - 1", RateOrder.Power(1.0, 1.0), (fun k -> 1.0 / float k))

    /// <summary>1 / (t^p + 1) with t = k − 1 from 0: what the published code uses where the paper says k^(−p).</summary>
    /// <example><code lang="fsharp">(Rate.publishedPower 0.5).At 5 // 1/3</code></example>
    [<CompiledName("PublishedPower")>]
    let publishedPower (p: float) =
        check (nameof p) p
        // t^p → 0 for p < 0, and t^0 = 1.
        let order =
            if p = 0.0 then
                RateOrder.Power(0.5, 0.0)
            else
                RateOrder.Power(1.0, max 0.0 p)

        Rate((invariant $"1 / (t^{p} + 1), t = k - 1"), order, (fun k -> 1.0 / (float (k - 1) ** p + 1.0)))

    let private needSteps func name (steps: int) =
        if steps < 1 then
            Require.wrong func name (invariant $"is {steps}, but at least 1 is needed.")

    /// <summary>Another schedule, whose first steps are smaller: γₖ min(1, k/steps) (Goyal and others 2017, section 2.2).</summary>
    /// <param name="steps">The first step with the schedule's own rate, at least 1.</param>
    /// <param name="rate">The schedule, which counts from the run's first step.</param>
    /// <exception cref="T:System.ArgumentException">steps is below 1.</exception>
    /// <example><code lang="fsharp">(Rate.constant 0.1 |> Rate.warmUp 4).At 1 // 0.025</code></example>
    [<CompiledName("WarmUp")>]
    let warmUp (steps: int) (rate: Rate) =
        needSteps "Rate.warmUp" (nameof steps) steps

        Rate(
            (invariant $"{rate} warmed up over {steps} steps"),
            rate.Order,
            rate.IsConstant && steps = 1,
            (fun k -> min 1.0 (float k / float steps) * rate.At k)
        )

    /// From c at t = 0 to least at t = period.
    let private cosineAt c least (period: int) (t: int) =
        least + 0.5 * (c - least) * (1.0 + cos (Math.PI * float t / float period))

    let private checkCosine func (c: float) (least: float) period =
        Require.finite func (nameof c) c
        Require.finite func (nameof least) least
        needSteps func (nameof period) period

    /// <summary>Half a cosine from c to another rate, which stays: with t = k − 1, least + ½ (c − least)(1 + cos(π t/period)) up to
    /// t = period, least from there on (Loshchilov and Hutter 2017, eq. 5, without restarts).</summary>
    /// <param name="c">The first step's rate.</param>
    /// <param name="least">The last rate; 0 is usual.</param>
    /// <param name="period">After so many steps it is reached, at least 1.</param>
    /// <exception cref="T:System.ArgumentException">A rate is not finite; period is below 1.</exception>
    /// <example><code lang="fsharp">(Rate.cosine 0.2 0.0 10).At 6 // 0.1</code></example>
    [<CompiledName("Cosine")>]
    let cosine (c: float) (least: float) (period: int) =
        checkCosine "Rate.cosine" c least period

        Rate(
            (invariant $"cosine from {c} to {least} over {period} steps"),
            RateOrder.Power(least, 0.0),
            false,
            (fun k -> cosineAt c least period (min period (k - 1)))
        )

    /// How long the period is that step t (from 0) lies in, and how far into it t is.
    let rec private periodAt period factor t =
        if t < period then
            struct (period, t)
        else
            periodAt (factor * period) factor (t - period)

    /// <summary>Half cosines from c to another rate, each followed by a restart at c: periods of period, factor · period,
    /// factor² · period, … steps (SGDR: Loshchilov and Hutter 2017, eq. 5).</summary>
    /// <param name="c">The rate at every restart.</param>
    /// <param name="least">What the rates fall to; 0 is usual.</param>
    /// <param name="period">Steps to the first restart, at least 1.</param>
    /// <param name="factor">What every period is longer by than the one before, at least 1; 1 and 2 are usual.</param>
    /// <exception cref="T:System.ArgumentException">A rate is not finite; period or factor is below 1.</exception>
    /// <example><code lang="fsharp">
    /// let rate = Rate.cosineWithRestarts 0.2 0.0 10 2
    /// rate.At 11, rate.At 21 // (0.2, 0.1)
    /// </code></example>
    [<CompiledName("CosineWithRestarts")>]
    let cosineWithRestarts (c: float) (least: float) (period: int) (factor: int) =
        let func = "Rate.cosineWithRestarts"
        checkCosine func c least period
        needSteps func (nameof factor) factor

        let at k =
            // Equal periods are not gone through one by one.
            let struct (period, t) =
                if factor = 1 then
                    struct (period, (k - 1) % period)
                else
                    periodAt period factor (k - 1)

            cosineAt c least period t

        // Their mean, as far as sums are concerned.
        Rate(
            (invariant $"cosine from {c} to {least} over {period} steps, restarted, periods times {factor}"),
            RateOrder.Power(0.5 * (c + least), 0.0),
            false,
            at
        )

    /// <summary>Any other schedule.</summary>
    /// <param name="at">From the step, counted from 1, to the rate.</param>
    let ofFunction (at: int -> float) =
        Rate("a function of k", RateOrder.Unknown, at)
