namespace Stackelberg

open System
open System.Collections.Generic

/// Large results of elementwise steps that take the place of an operand which nobody reads afterwards, instead of
/// memory of their own. Smaller ones would save nothing that matters.
module internal Inheriting =

    /// <summary>Finds a symbol whose memory a result can take over.</summary>
    /// <param name="items">What the plan knows of the symbols.</param>
    /// <param name="owner">The symbol in whose memory a symbol lies.</param>
    /// <param name="unit">The step, in which t is computed.</param>
    /// <param name="ending">Symbols with memory of their own that no later step reads, and that may be written.</param>
    /// <param name="t">The result, with memory of its own.</param>
    /// <remarks>A fused step reads its operands as they were before it, if the result lies exactly where an operand of
    /// the same length does; so every reading of the operand must be entry by entry.</remarks>
    let tryFind
        (items: Dictionary<Tensor, Item>)
        (owner: Tensor -> Tensor)
        (unit: Unit)
        (ending: seq<Tensor>)
        (t: Tensor)
        : Tensor option =
        let isReadInPlace (block: Tensor) =
            Seq.append unit.Again unit.Nodes
            |> Seq.collect _.Args
            |> Seq.filter (fun arg -> arg.IsSymbolic && Object.ReferenceEquals(owner items[arg].Root, block))
            |> Seq.forall (fun arg ->
                Object.ReferenceEquals(items[arg].Root, block) && items[arg].IsWholeRoot)

        let isFit (block: Tensor) =
            block.DType = t.DType
            && Shape.count block.Shape = Shape.count t.Shape
            && isReadInPlace block

        if
            t.Op.Kernel.IsElement
            && Shape.count t.Shape >= Recomputing.leastCount
            && Array.contains t unit.Nodes
        then
            Seq.tryFind isFit ending
        else
            None
