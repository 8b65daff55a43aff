namespace Stackelberg

open Stackelberg.Kernels

/// <summary>A tensor that stochastic costs read, drawn anew for each evaluation.</summary>
/// <param name="name">What costs ask for, as in q.Sample "real".</param>
/// <param name="shape">The tensor's extents, row-major.</param>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Batch(name: string, shape: int[]) =
    do
        if System.String.IsNullOrWhiteSpace name then
            Require.wrong "Batch" (nameof name) "is empty, but costs need a name to ask for."

        if shape |> Array.exists (fun extent -> extent < 1) then
            Require.wrong
                "Batch"
                (nameof shape)
                (invariant $"of {name} is {Shape.show shape}, but every extent must be at least 1.")

    /// <summary>What costs ask for.</summary>
    member _.Name = name

    /// <summary>The tensor's extents, row-major. The caller may not change the array.</summary>
    member _.Shape = shape

    /// <summary>How many numbers the tensor holds.</summary>
    member _.Count = Shape.count shape

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() =
        (invariant $"{name} {Shape.show shape}")

/// <summary>The draws of a sampler from one seed. Draw n is the same whenever and in whatever order it is asked for.</summary>
/// <remarks>Holds working memory: for one thread at a time.</remarks>
[<AbstractClass>]
type Draws() =

    let mutable converted: float[] = [||]

    /// <summary>Fills one batch of one draw.</summary>
    /// <param name="draw">The draw's number, at least 0.</param>
    /// <param name="batch">Which of the sampler's batches.</param>
    /// <param name="into">Receives the numbers, row-major; as long as the batch.</param>
    abstract Fill: draw: int64 * batch: int * into: float[] -> unit

    /// <summary>As Fill, for a game that computes in single precision.</summary>
    /// <param name="draw">The draw's number, at least 0.</param>
    /// <param name="batch">Which of the sampler's batches.</param>
    /// <param name="into">Receives the numbers, row-major; as long as the batch.</param>
    abstract FillSingle: draw: int64 * batch: int * into: float32[] -> unit

    default this.FillSingle(draw, batch, into) =
        if converted.Length <> into.Length then
            converted <- Array.zeroCreate into.Length

        this.Fill(draw, batch, converted)

        for i in 0 .. into.Length - 1 do
            into[i] <- float32 converted[i]

/// <summary>What makes a game's costs stochastic: named tensors, drawn anew for each evaluation of a field. All of a
/// draw's numbers are a function of the seed and the draw's number.</summary>
/// <param name="batches">The tensors of a draw.</param>
[<AbstractClass; StructuredFormatDisplay("{Shown}")>]
type Sampler(batches: Batch[]) =
    do
        for name, group in batches |> Array.groupBy _.Name do
            if group.Length > 1 then
                Require.wrong
                    "Sampler"
                    (nameof batches)
                    (invariant $"holds {group.Length} batches called {name}; give each a name of its own.")

    /// <summary>The tensors of a draw. The caller may not change the array.</summary>
    member _.Batches = batches

    /// <summary>How many random streams the sampler uses, one after another.</summary>
    abstract Streams: int

    default _.Streams = 1

    /// <summary>Begins to draw.</summary>
    /// <param name="seed">Where the random numbers begin.</param>
    /// <param name="stream">The first of the sampler's streams.</param>
    abstract Open: seed: uint64 * stream: uint64 -> Draws

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() =
        System.String.Join(", ", batches |> Array.map string)

/// The sampler of deterministic costs.
[<Sealed>]
type internal NoSampler private () =
    inherit Sampler([||])
    static member val Instance: Sampler = NoSampler()
    override _.Streams = 0

    override _.Open(_, _) = {
        new Draws() with
            member _.Fill(_, _, _) = ()
    }
