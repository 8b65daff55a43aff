namespace Stackelberg

/// <summary>What is added to the field each time that a rule evaluates it: a rule steps along g + noise, so that plain
/// descent is x⁺ = x − γ (g + noise). Code that ascends profits by q⁺ = q + γ (∇π + n) has noise −n.</summary>
[<RequireQualifiedAccess>]
type Noise =
    /// Nothing.
    | Silent
    /// Independent normal numbers of mean 0: one standard deviation for all players, or one for each.
    | Gaussian of deviations: float[]
    /// Independent normal numbers times 1 + ‖x‖₂ at the joint strategy x where the field is evaluated: one standard deviation at the
    /// origin for all players, or one for each.
    | Growing of deviations: float[]
    /// Given numbers: one array of length d for each evaluation of the field, in order.
    | Given of draws: float[][]

/// <summary>Noises by name.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Noise =

    let private check func (σ: float) =
        if not (System.Double.IsFinite σ && σ >= 0.0) then
            Require.wrong
                func
                "σ"
                (invariant $"is {σ}, but a finite standard deviation of at least 0 is needed.")

    /// <summary>None: the field itself.</summary>
    let none = Noise.Silent

    /// <summary>Normal noise on every entry, from the run's seed.</summary>
    /// <param name="σ">The standard deviation (not the variance) of every entry.</param>
    /// <exception cref="T:System.ArgumentException">σ is negative or not finite.</exception>
    let gaussian (σ: float) =
        check "Noise.gaussian" σ
        Noise.Gaussian [| σ |]

    /// <summary>Normal noise whose size differs between players, from the run's seed.</summary>
    /// <param name="deviations">One standard deviation for each player, in the game's order.</param>
    /// <exception cref="T:System.ArgumentException">A deviation is negative or not finite.</exception>
    let gaussianEach (deviations: float list) =
        List.iter (check "Noise.gaussian") deviations
        Noise.Gaussian(Array.ofList deviations)

    /// <summary>Normal noise that grows with the joint strategy, σ (1 + ‖x‖₂) ξ on every entry, from the run's seed.</summary>
    /// <param name="σ">The standard deviation (not the variance) of every entry at the origin.</param>
    /// <exception cref="T:System.ArgumentException">σ is negative or not finite.</exception>
    /// <remarks>The most that assumption A1c of Fiez, Chasnov and Ratliff (arXiv 1906.01217) allows: E‖w‖ ≤ c (1 + ‖x‖), with
    /// Assumptions.noiseGrowth for c.</remarks>
    /// <example><code lang="fsharp">{ Learn.settings with Noise = Noise.growing 0.1 } // at ‖x‖ = 9 as Noise.gaussian 1.0</code></example>
    let growing (σ: float) =
        check "Noise.growing" σ
        Noise.Growing [| σ |]

    /// <summary>Given numbers, so that a published run can be followed step by step.</summary>
    /// <param name="draws">One array of length d for each evaluation of the field, in order.</param>
    let given (draws: float[][]) = Noise.Given draws
