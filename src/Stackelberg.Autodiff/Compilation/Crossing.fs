namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// An op whose argument passes, between two points on either side of a third, the place where the op has no derivative.
[<Sealed; AllowNullLiteral>]
type internal Crossing(op: string, scope: string, below: float, above: float) =

    /// The op, as error messages name it.
    member _.Op = op

    /// The user's function that the op belongs to; "" if it has no name.
    member _.Function = if isNull scope then "" else scope

    /// How far the argument is from the kink on either side; of two numbers their difference.
    member _.Below = below
    member _.Above = above

module internal FindCrossings =

    /// A root is at its kink if its argument is this much smaller than on both sides.
    let private dip = 1e-3

    /// Symbols that a derivative of the results passes through, arguments first.
    let private differentiated (results: Tensor[]) =
        let seen = HashSet<Tensor>(HashIdentity.Reference)
        let pending = Stack<Tensor>()

        let visit (t: Tensor) =
            if t.IsSymbolic && seen.Add t then
                pending.Push t

        Array.iter visit results

        while pending.Count > 0 do
            let t = pending.Pop()

            if t.Op.Name <> "stopGradient" then
                Array.iter visit t.Args

        seen |> Seq.sortBy _.Id |> Array.ofSeq

    let private evaluate (variables: Tensor[]) (values: Tensor[]) (results: Tensor[]) =
        let found = Dictionary<Tensor, Tensor>(HashIdentity.Reference)
        Array.iter2 (fun variable value -> found[variable] <- value) variables values
        let valueOf (t: Tensor) = if t.IsSymbolic then found[t] else t

        for t in Dependence.all results do
            if not (found.ContainsKey t) then
                found[t] <- Expression.apply t.Op (Array.map valueOf t.Args)

        valueOf

    let private differsByOne (kernel: ElementKernel) =
        Object.ReferenceEquals(kernel, ElementKernels.Abs)
        || Object.ReferenceEquals(kernel, ElementKernels.Sign)

    let private differsByTwo (kernel: ElementKernel) =
        [
            ElementKernels.Maximum
            ElementKernels.Minimum
            ElementKernels.Less
            ElementKernels.LessEqual
            ElementKernels.Equal
            ElementKernels.NotEqual
        ]
        |> List.exists (fun known -> Object.ReferenceEquals(kernel, known))

    let private rounds (kernel: ElementKernel) =
        [ ElementKernels.Floor; ElementKernels.Ceiling; ElementKernels.Round ]
        |> List.exists (fun known -> Object.ReferenceEquals(kernel, known))

    /// Runs of a body that are looked into: of a longer loop the first ones.
    let private mostRuns = 10_000

    /// The ops of the results that have no derivative somewhere between the points below and above, those inside of loops'
    /// bodies among them: step by step along all three, once for each op.
    /// <param name="at">The point between.</param>
    let rec search
        (variables: Tensor[])
        (below: Tensor[])
        (at: Tensor[])
        (above: Tensor[])
        (results: Tensor[])
        : Crossing[] =
        let low, middle, high =
            evaluate variables below results, evaluate variables at results, evaluate variables above results

        let numbers (value: Tensor -> Tensor) (t: Tensor) = (value t).ToArray()

        /// The first entry at which two arrays lie on different sides of zero.
        let sides (t: Tensor) (a: float[]) (b: float[]) =
            match
                Array.zip a b
                |> Array.tryFind (fun (a, b) -> a * b < 0.0 || (a = 0.0) <> (b = 0.0))
            with
            | Some(a, b) -> Crossing(t.Op.Name, t.Scope, a, b)
            | None -> null

        let dips (t: Tensor) (size: (Tensor -> Tensor) -> float[]) =
            let a, m, b = size low, size middle, size high

            let isDip i =
                let least = min a[i] b[i]
                least > 0.0 && m[i] <= dip * least

            match Seq.tryFind isDip (seq { 0 .. m.Length - 1 }) with
            | Some i -> Crossing(t.Op.Name, t.Scope, a[i], b[i])
            | None -> null

        let crossing (t: Tensor) : Crossing =
            match t.Op.Kernel with
            | Element kernel when differsByOne kernel ->
                sides t (numbers low t.Args[0]) (numbers high t.Args[0])
            | Element kernel when differsByTwo kernel ->
                let gap value =
                    Array.map2 (-) (numbers value t.Args[0]) (numbers value t.Args[1])

                sides t (gap low) (gap high)
            | Element kernel when rounds kernel ->
                let a, b = numbers low t, numbers high t

                match Array.zip a b |> Array.tryFind (fun (a, b) -> a <> b) with
                | Some(a, b) -> Crossing(t.Op.Name, t.Scope, a, b)
                | None -> null
            | Element kernel when Object.ReferenceEquals(kernel, ElementKernels.Sqrt) ->
                dips t (fun value -> numbers value t.Args[0])
            | _ when t.Op.Name = "norm" -> dips t (fun value -> numbers value t)
            | _ when t.Op.Name = "max" || t.Op.Name = "min" ->
                // Entries that attain the extremum on one side and not on the other.
                let attains value =
                    let least = numbers value t

                    numbers value t.Args[0]
                    |> Array.map (fun entry -> if Array.contains entry least then 1.0 else 0.0)

                let a, b = attains low, attains high

                if Array.forall2 (=) a b then
                    null
                else
                    Crossing(t.Op.Name, t.Scope, 0.0, 0.0)
            | _ -> null

        let inside (t: Tensor) (runs: Tensor[] -> BodyRun seq) =
            let along value = runs (Array.map value t.Args)

            Seq.map3
                (fun (a: BodyRun) (m: BodyRun) (b: BodyRun) ->
                    search a.Variables a.Values m.Values b.Values a.Results)
                (along low)
                (along middle)
                (along high)
            |> Seq.truncate mostRuns
            |> Seq.concat
            |> Seq.distinctBy (fun found -> found.Op, found.Function)
            |> Array.ofSeq

        differentiated results
        |> Array.collect (fun t ->
            match t.Op.Kernel with
            | Nested(_, _, runs) -> inside t runs
            | _ -> [| crossing t |] |> Array.filter (isNull >> not))
