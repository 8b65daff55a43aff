namespace Stackelberg

open System

/// Sums of products over named indices, two operands at a time as products of matrices.
module internal Einsum =

    /// An operand and the letter of each of its axes.
    type private Labelled = { Letters: char list; Value: Tensor }

    let private fail message = Shape.wrong "Tensor.einsum" message

    /// The operands' letters and the result's, which by default are those that come once, in alphabetical order.
    let private parse (text: string) =
        let text = text.Replace(" ", "")

        let letters (part: string) =
            for c in part do
                if not (Char.IsAsciiLetter c) then
                    fail (
                        invariant $"\"{text}\" has '{c}' in it, but letters are needed, as in \"ij,jk->ik\"."
                    )

            List.ofSeq part

        match text.Split "->" with
        | [| inputs; output |] -> inputs.Split ',' |> Array.map letters, letters output
        | [| inputs |] ->
            let inputs = inputs.Split ',' |> Array.map letters

            let once =
                inputs
                |> List.concat
                |> List.countBy id
                |> List.filter (fun (_, count) -> count = 1)
                |> List.map fst
                |> List.sort

            inputs, once
        | _ -> fail (invariant $"\"{text}\" has more than one \"->\".")

    let private extents (text: string) (operands: Labelled[]) =
        operands
        |> Seq.collect (fun operand -> Seq.zip operand.Letters operand.Value.Shape)
        |> Seq.groupBy fst
        |> Seq.map (fun (letter, found) ->
            match found |> Seq.map snd |> Seq.distinct |> List.ofSeq with
            | [ extent ] -> letter, extent
            | several ->
                let shown = String.Join(" and ", several)
                fail (invariant $"index {letter} of \"{text}\" has extents {shown}, but one is needed."))
        |> Map.ofSeq

    let private axisOf letter (operand: Labelled) =
        List.findIndex ((=) letter) operand.Letters

    let private permuted (letters: char list) (operand: Labelled) =
        let order =
            letters |> List.map (fun letter -> axisOf letter operand) |> Array.ofList

        Permute.permute order operand.Value

    /// A letter that comes twice in one operand stands for its diagonal.
    let rec private onDiagonals (operand: Labelled) =
        match operand.Letters |> List.countBy id |> List.tryFind (fun (_, count) -> count > 1) with
        | None -> operand
        | Some(letter, _) ->
            let indexed = List.indexed operand.Letters
            let own, others = indexed |> List.partition (fun (_, l) -> l = letter)
            let first, second = fst own[0], fst own[1]
            let kept = [ yield! others; yield! List.skip 2 own ]
            let order = [| yield! List.map fst kept; first; second |]
            let moved = Permute.permute order operand.Value
            let n = operand.Value.Shape[first]
            let outer = moved.Shape[.. moved.Shape.Length - 3]

            onDiagonals {
                Letters = List.map snd kept @ [ letter ]
                Value =
                    Structure.reshape (Array.append outer [| n * n |]) moved
                    |> Gather.gather outer.Length (Array.init n (fun i -> i * (n + 1)))
            }

    /// Without the letters that nobody needs any more.
    let private summed (needed: char list) (operand: Labelled) =
        let axes = [|
            for axis, letter in List.indexed operand.Letters do
                if not (List.contains letter needed) then
                    axis
        |]

        {
            Letters = operand.Letters |> List.filter (fun letter -> List.contains letter needed)
            Value = Structure.sum axes operand.Value
        }

    let private product (extent: char -> int) (needed: char list) (a: Labelled) (b: Labelled) =
        let inBoth, left =
            a.Letters |> List.partition (fun letter -> List.contains letter b.Letters)

        let right =
            b.Letters |> List.filter (fun letter -> not (List.contains letter a.Letters))

        let batch, contracted =
            inBoth |> List.partition (fun letter -> List.contains letter needed)

        let count = List.fold (fun product letter -> product * extent letter) 1

        let shape letters =
            letters |> List.map extent |> Array.ofList

        let matrix rows columns =
            Array.append (shape batch) [| count rows; count columns |]

        let value =
            MatMul.matmul
                (Structure.reshape (matrix left contracted) (permuted (batch @ left @ contracted) a))
                (Structure.reshape (matrix contracted right) (permuted (batch @ contracted @ right) b))

        {
            Letters = batch @ left @ right
            Value = Structure.reshape (shape (batch @ left @ right)) value
        }

    let einsum (text: string) (operands: Tensor[]) =
        let inputs, output = parse text

        if inputs.Length <> operands.Length then
            fail (invariant $"\"{text}\" names {inputs.Length} operands, but {operands.Length} were given.")

        let labelled =
            Array.zip inputs operands
            |> Array.mapi (fun k (letters, operand) ->
                if letters.Length <> operand.Shape.Length then
                    fail (
                        invariant
                            $"operand {k} has shape {Shape.show operand.Shape}, but \"{text}\" names {letters.Length} axes of it."
                    )

                { Letters = letters; Value = operand })

        let extents = extents text labelled

        if List.distinct output <> output then
            fail (invariant $"the result of \"{text}\" has a letter twice.")

        for letter in output do
            if not (extents.ContainsKey letter) then
                fail (invariant $"index {letter} of the result of \"{text}\" is in no operand.")

        /// The letters that the result or a later operand asks for.
        let neededAfter k =
            List.distinct (output @ (labelled[k + 1 ..] |> List.ofArray |> List.collect _.Letters))

        let first = labelled[0] |> onDiagonals |> summed (neededAfter 0)

        let rec fold k (sofar: Labelled) =
            if k = labelled.Length then
                sofar
            else
                let needed = neededAfter k

                let next =
                    labelled[k] |> onDiagonals |> summed (List.distinct (needed @ sofar.Letters))

                fold (k + 1) (product (fun letter -> extents[letter]) needed sofar next |> summed needed)

        fold 1 first |> permuted output
