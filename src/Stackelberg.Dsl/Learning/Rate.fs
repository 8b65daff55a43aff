namespace Stackelberg

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
type Rate internal (name: string, order: RateOrder, at: int -> float) =

    /// <summary>The rate of step k.</summary>
    /// <param name="k">The step, from 1.</param>
    member _.At k = at k

    member internal _.Order = order

    /// Whether every step has the same.
    member internal _.IsConstant =
        match order with
        | RateOrder.Power(_, 0.0) -> true
        | _ -> false

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

    /// <summary>Any other schedule.</summary>
    /// <param name="at">From the step, counted from 1, to the rate.</param>
    let ofFunction (at: int -> float) =
        Rate("a function of k", RateOrder.Unknown, at)
