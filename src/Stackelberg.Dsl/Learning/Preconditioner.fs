namespace Stackelberg

open System.Collections.Generic

/// <summary>What turns a direction into the one that a step takes, for one player: x⁺ = x − γ P(g). It holds no state;
/// what it remembers are named arrays that the driver keeps for it.</summary>
[<AbstractClass; StructuredFormatDisplay("{Shown}")>]
type Preconditioner() =

    /// <summary>The preconditioner as a reader knows it, its parameters included.</summary>
    abstract Name: string

    /// <summary>What it remembers, as it is before its first use: names and arrays.</summary>
    /// <param name="dimension">The player's dimension.</param>
    abstract Memory: dimension: int -> KeyValuePair<string, float[]>[]

    /// <summary>into[i] = P(g)[i] for the player's entries i, first … first + count − 1.</summary>
    /// <param name="uses">How often it has been used, this time included.</param>
    /// <param name="memory">What it remembers, in the order of Memory.</param>
    /// <param name="g">The direction, of length d; not to be written.</param>
    /// <param name="into">Receives the player's entries; of length d.</param>
    /// <param name="first">The player's first entry.</param>
    /// <param name="count">The player's dimension.</param>
    abstract Apply:
        uses: int * memory: float[][] * g: float[] * into: float[] * first: int * count: int -> unit

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override this.ToString() = this.Name

module internal PreconditionerCheck =

    let decay func name (value: float) =
        if not (value >= 0.0 && value < 1.0) then
            Require.wrong func name (invariant $"is {value}, but a number in [0, 1) is needed.")

    let epsilon func (value: float) =
        if not (System.Double.IsFinite value && value >= 0.0) then
            Require.wrong func "ε" (invariant $"is {value}, but a finite number of at least 0 is needed.")

    let zeros names dimension = [|
        for name in names do
            KeyValuePair(name, Array.zeroCreate<float> dimension)
    |]

/// The direction itself.
[<Sealed>]
type internal PlainPreconditioner() =
    inherit Preconditioner()
    override _.Name = "plain"
    override _.Memory _ = [||]

    override _.Apply(_, _, g, into, first, count) =
        System.Array.Copy(g, first, into, first, count)
