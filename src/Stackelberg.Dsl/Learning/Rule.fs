namespace Stackelberg

open System.Collections.Generic

/// <summary>What a rule sees and writes in one step. The driver owns the arrays, of length d each, and uses them
/// again in the next step.</summary>
[<Sealed>]
type RuleStep internal (dimension: int, memory: float[][], evaluate: System.Action<float[], float[]>) =

    /// <summary>k, from 1.</summary>
    member val Number = 0 with get, set

    /// <summary>The joint strategy before the step; not to be written.</summary>
    member val X: float[] = Array.zeroCreate dimension

    /// <summary>This step's learning rate of each entry; not to be written.</summary>
    member val Rates: float[] = Array.zeroCreate dimension

    /// <summary>Where the rule writes the joint strategy after the step. Bounds and angles are the driver's work.</summary>
    member val Next: float[] = Array.zeroCreate dimension

    /// <summary>Room for a value of the field.</summary>
    member val Gradient: float[] = Array.zeroCreate dimension

    /// <summary>The rule's memory, in the order of Rule.Memory; kept from step to step.</summary>
    member _.Memory = memory

    /// <summary>The rule's field with fresh noise, g + noise.</summary>
    /// <param name="at">Where, length d; not written.</param>
    /// <param name="into">Receives the value, length d.</param>
    member _.Evaluate(at: float[], into: float[]) = evaluate.Invoke(at, into)

/// <summary>A learning rule: which field it follows, and one step along it. A rule holds no state; what it remembers
/// from step to step are named arrays that the driver keeps for it, so that a run can be saved and gone on with.</summary>
[<AbstractClass>]
type Rule() =

    /// <summary>The rule as a reader knows it, its parameters included.</summary>
    abstract Name: string

    /// <summary>Which field the driver evaluates for it.</summary>
    abstract Conjecture: Conjecture

    /// <summary>How many times a step evaluates the field.</summary>
    abstract EvaluationsPerStep: int
    default _.EvaluationsPerStep = 1

    /// <summary>What the rule remembers, as it is before the first step: names and arrays of any length.</summary>
    /// <param name="dimension">d, the length of the joint strategy.</param>
    abstract Memory: dimension: int -> KeyValuePair<string, float[]>[]
    default _.Memory _ = [||]

    /// <summary>One step: reads X and Rates, evaluates the field, writes Next.</summary>
    /// <param name="step">What the rule may read and write.</param>
    abstract Step: step: RuleStep -> unit

    /// <inheritdoc/>
    override this.ToString() = this.Name

/// The step that most rules end with.
module internal Descent =

    /// next = x − rate * g, entry by entry.
    let along (g: float[]) (step: RuleStep) =
        let x, rates, next = step.X, step.Rates, step.Next

        for i in 0 .. next.Length - 1 do
            next[i] <- x[i] - rates[i] * g[i]

    /// One evaluation at x, one step along it.
    let plain (step: RuleStep) =
        step.Evaluate(step.X, step.Gradient)
        along step.Gradient step
