namespace Stackelberg

open System
open System.Collections.Generic

/// <summary>Where a run's results stopped being finite: the first op that made a NaN or an infinity of finite numbers, and
/// how it reached a result.</summary>
[<Sealed; AllowNullLiteral; StructuredFormatDisplay("{Shown}")>]
type NotFinite
    internal
    (
        op: string,
        scope: string,
        shape: int[],
        entry: int[],
        value: float,
        arguments: float[],
        input: int,
        path: string[],
        output: int
    ) =

    /// <summary>The op, as error messages name it; "input" if the run was given such a number.</summary>
    member _.Op = op

    /// <summary>The user's function that the op belongs to, the op of a derivative to the function that it is the
    /// derivative of: named by Diff.named, or a player's cost; "" if it has no name.</summary>
    member _.Function = if isNull scope then "" else scope

    /// <summary>The shape of its result.</summary>
    member _.Shape = shape

    /// <summary>The index of the first entry that is not finite.</summary>
    member _.Entry = entry

    /// <summary>That entry: NaN or an infinity.</summary>
    member _.Value = value

    /// <summary>The arguments at that entry, for an op that acts entry by entry; empty for others.</summary>
    member _.Arguments = arguments

    /// <summary>Which input holds the number, −1 if an op made it.</summary>
    member _.Input = input

    /// <summary>The ops that carried it on, the first of them first.</summary>
    member _.Path = path

    /// <summary>The result that it reached.</summary>
    member _.Output = output

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>All of it in a sentence.</summary>
    override _.ToString() =
        let where =
            if shape.Length = 0 then
                "a scalar"
            else
                (invariant $"entry {Shape.show entry} of shape {Shape.show shape}")

        let op = if isNull scope then op else (invariant $"{op} in {scope}")

        let made =
            if input >= 0 then
                (invariant $"input {input} holds {value:G6} in {where}")
            elif arguments.Length > 0 then
                let list = String.Join(", ", Array.map (digits 6) arguments)
                (invariant $"{op} made {value:G6} of {list} in {where}")
            else
                (invariant $"{op} made {value:G6} of finite numbers in {where}")

        /// Long ways show their ends.
        let shown =
            if path.Length <= 8 then
                path
            else
                [| yield! path[..3]; "…"; yield! path[path.Length - 4 ..] |]

        if path.Length = 0 then
            (invariant $"{made}, which is result {output}")
        else
            let way = String.Join(", ", shown)
            (invariant $"{made}, which reached result {output} through {way}")

module internal FindNotFinite =

    let private firstBad (t: Tensor) =
        t.ToArray() |> Array.tryFindIndex (Double.IsFinite >> not)

    let private nameOf (t: Tensor) =
        match t.Op.Template with
        | _ when t.Op.Name <> "custom" -> t.Op.Name
        | _ ->
            match t.Op.Kernel with
            | Element kernel -> kernel.Name
            | _ -> t.Op.Name

    /// Evaluates an expression op by op; null if all results are finite.
    let rec search (variables: Tensor[]) (values: Tensor[]) (results: Tensor[]) : NotFinite =
        let found = Dictionary<Tensor, Tensor>(HashIdentity.Reference)
        Array.iter2 (fun variable value -> found[variable] <- value) variables values

        let valueOf (t: Tensor) = if t.IsSymbolic then found[t] else t

        for t in Dependence.all results do
            if not (found.ContainsKey t) then
                found[t] <- Expression.apply t.Op (Array.map valueOf t.Args)

        /// Of a loop the first step that made such a number, counted from 0.
        let inside (t: Tensor) =
            match t.Op.Kernel with
            | Nested(_, _, runs) ->
                runs (Array.map valueOf t.Args)
                |> Seq.indexed
                |> Seq.tryPick (fun (step, run) ->
                    match search run.Variables run.Values run.Results with
                    | null -> None
                    | first when first.Input >= 0 -> None
                    | first -> Some(struct (step, first)))
            | _ -> None

        match results |> Array.tryFindIndex (valueOf >> firstBad >> Option.isSome) with
        | None -> null
        | Some output ->
            /// Back along numbers that are not finite, to one whose arguments all are.
            let rec origin (t: Tensor) (path: string list) : NotFinite =
                let bad (arg: Tensor) = (firstBad (valueOf arg)).IsSome

                match Array.tryFind bad t.Args, inside t with
                | Some arg, _ when arg.IsSymbolic -> origin arg (nameOf t :: path)
                | None, Some(struct (step, first)) ->
                    let way = [| yield! first.Path; (invariant $"step {step} of {nameOf t}"); yield! path |]

                    NotFinite(
                        first.Op,
                        (if first.Function = "" then null else first.Function),
                        first.Shape,
                        first.Entry,
                        first.Value,
                        first.Arguments,
                        -1,
                        way,
                        output
                    )
                | found, _ ->
                    let value = valueOf t
                    let index = (firstBad value).Value
                    let strides = Shape.strides t.Shape

                    let entry = Array.mapi (fun axis extent -> index / strides[axis] % extent) t.Shape

                    let arguments =
                        if t.Op.Kind.IsElementwise || t.Op.Kernel.IsElement then
                            t.Args |> Array.map (fun arg -> (valueOf arg).ToArray()[index])
                        else
                            [||]

                    let input = variables |> Array.tryFindIndex (fun v -> Object.ReferenceEquals(v, t))

                    let name =
                        match input, found with
                        | Some _, _ -> "input"
                        | None, Some _ -> nameOf t + " (of a constant that is not finite)"
                        | _ -> nameOf t

                    NotFinite(
                        name,
                        t.Scope,
                        t.Shape,
                        entry,
                        value.ToArray()[index],
                        arguments,
                        Option.defaultValue -1 input,
                        List.toArray path,
                        output
                    )

            match results[output] with
            | result when result.IsSymbolic -> origin result []
            | result ->
                let index = (firstBad result).Value
                let strides = Shape.strides result.Shape

                NotFinite(
                    "constant",
                    null,
                    result.Shape,
                    Array.mapi (fun axis extent -> index / strides[axis] % extent) result.Shape,
                    result.ToArray()[index],
                    [||],
                    -1,
                    [||],
                    output
                )
