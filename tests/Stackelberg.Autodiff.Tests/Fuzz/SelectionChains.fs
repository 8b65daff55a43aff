namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// A function without a finite value or derivative at a point, and where it is harmless.
type Edge = {
    Name: string
    Function: Tensor -> Tensor
    Bad: float
}

/// A random chain: numbers of which some are poisonous to a function, the function, structures, a selection of what does
/// not depend on them, and what comes of it. The same seed and links make the same chain.
type SelectionChain = { Seed: int; Links: int[] }

/// A function, and two points at which it has the same derivatives.
type Question = {
    Text: string
    Whole: Tensor -> Tensor
    Harmless: Tensor
    Poisonous: Tensor
}

/// What was found of one chain.
type ChainOutcome =
    /// Everything depends on the poisonous numbers, or a structure did not fit.
    | NothingToChoose
    /// So many derivatives were compared; those that differ, with what they are and should be.
    | Compared of int * string list

module SelectionChains =

    let private edges = [|
        {
            Name = "sqrt"
            Function = sqrt
            Bad = 0.0
        }
        {
            Name = "sqrt"
            Function = sqrt
            Bad = -1.0
        }
        {
            Name = "log"
            Function = log
            Bad = 0.0
        }
        {
            Name = "log"
            Function = log
            Bad = -1.0
        }
        {
            Name = "1/x"
            Function = (fun x -> 1.0 / x)
            Bad = 0.0
        }
        {
            Name = "x ** 0.5"
            Function = (fun x -> x ** 0.5)
            Bad = 0.0
        }
        {
            Name = "asin"
            Function = asin
            Bad = 1.0
        }
        {
            Name = "atanh"
            Function = Tensor.atanh
            Bad = 1.0
        }
        {
            Name = "lgamma"
            Function = Tensor.lgamma
            Bad = 0.0
        }
        {
            Name = "x (1 + 0 log x)"
            Function = (fun x -> x * (1.0 + 0.0 * log x))
            Bad = 0.0
        }
        {
            Name = "exp (-1/x) sqrt x"
            Function = (fun x -> exp (-1.0 / x) * sqrt x)
            Bad = 0.0
        }
        {
            Name = "norm"
            Function = (fun x -> sqrt (x * x + 0.0 * sqrt x))
            Bad = 0.0
        }
    |]

    let private finishes: (string * (Tensor -> Tensor))[] = [|
        "a weighted sum", id
        "tanh of squares", (fun y -> tanh (y * y))
        "a product", (fun y -> Tensor.matmul (Tensor.flatten y) (Tensor.flatten y))
        "softmax", (fun y -> Tensor.softmax (Tensor.flatten y))
    |]

    /// Entries of the argument.
    let private length = 8

    /// Longer tensors are not carried on.
    let private longest = 40

    let private vector (values: float[]) = Tensor.ofArray values

    /// The structures one after the other; nothing if one has no room.
    let private structure (chain: SelectionChain) : Drawing voption =
        let add found i =
            match found with
            | ValueNone -> ValueNone
            | ValueSome(struct (before: Drawing, shape: int[])) ->
                // Each link draws from a seed of its own, so that leaving out one leaves the others what they are.
                match SelectionLinks.all[i].Draw (Random(chain.Seed + 31 * i)) shape with
                | ValueSome next ->
                    let shape = (next.Reach(Tensor.full shape 0.5)).Shape
                    let size = Array.fold (*) 1 shape

                    if size = 0 || size > longest then
                        ValueNone
                    else
                        let whole: Drawing = {
                            Apply = before.Apply >> next.Apply
                            Reach = before.Reach >> next.Reach
                        }

                        ValueSome(struct (whole, shape))
                | ValueNone -> ValueNone

        let start: Drawing = { Apply = id; Reach = id }

        chain.Links
        |> Array.fold add (ValueSome(struct (start, [| length |])))
        |> ValueOption.map (fun (struct (whole, _)) -> whole)

    /// Which entries do not depend on the poisonous ones: neither a NaN there nor any number changes them.
    let private independent
        (random: Random)
        (f: Drawing)
        (harmless: float[])
        (poisonous: float[])
        (bad: int[])
        =
        let among (g: Tensor -> Tensor) (values: float[][]) =
            let asIs, others =
                (g (vector harmless)).ToArray(), values |> Array.map (fun r -> (g (vector r)).ToArray())

            fun i ->
                Double.IsFinite asIs[i]
                && others
                   |> Array.forall (fun other ->
                       BitConverter.DoubleToInt64Bits other[i] = BitConverter.DoubleToInt64Bits asIs[i])

        let at (replacement: unit -> float) =
            harmless
            |> Array.mapi (fun i r -> if Array.contains i bad then replacement () else r)

        let numbers = [|
            at (fun () -> 0.2 + random.NextDouble())
            at (fun () -> -9.0 * random.NextDouble())
            at (fun () -> 9.0 * random.NextDouble())
        |]

        let ends =
            [| nan; infinity; -infinity |] |> Array.map (fun value -> at (fun () -> value))

        let byValue = among f.Apply numbers

        let byReach = among f.Reach (Array.concat [ numbers; ends; [| poisonous |] ])

        let count = Array.fold (*) 1 (f.Reach(vector harmless)).Shape
        [| 0 .. count - 1 |] |> Array.filter (fun i -> byValue i && byReach i)

    /// Ways to choose entries of a tensor by their places.
    let private selection (random: Random) (count: int) (chosen: int[]) : string * (Tensor -> Tensor) =
        let mask =
            vector (Array.init count (fun i -> if Array.contains i chosen then 1.0 else 0.0))

        let shaped (y: Tensor) (t: Tensor) =
            Tensor.cast y.DType (Tensor.reshape y.Shape t)

        let zero (y: Tensor) = Tensor.cast y.DType (Tensor.scalar 0.0)

        let run =
            let first = chosen[random.Next chosen.Length]
            let mutable last = first

            while Array.contains (last + 1) chosen do
                last <- last + 1

            struct (first, last)

        match random.Next 6 with
        | 0 -> "where", (fun y -> Tensor.where (shaped y mask) y (zero y))
        | 1 -> "where not", (fun y -> Tensor.where (shaped y (1.0 - mask)) (zero y) y)
        | 2 -> "gather", (fun y -> Tensor.gather 0 (List.ofArray chosen) (Tensor.flatten y))
        | 3 ->
            let indices = vector (chosen |> Array.map float)
            "takeAlong", (fun y -> Tensor.takeAlong 0 (Tensor.cast y.DType indices) (Tensor.flatten y))
        | 4 ->
            let struct (first, last) = run
            "slice", (fun y -> Tensor.slice 0 first (last - first + 1) (Tensor.flatten y))
        | _ ->
            let least =
                vector (Array.init count (fun i -> if Array.contains i chosen then -infinity else 7.0))

            "where greater", (fun y -> Tensor.where (Tensor.greater (shaped y least) (zero y)) (zero y) y)

    /// Derivatives of orders 0 to 2, by numbers, compiled and of batches.
    let private derivatives: (string * ((Tensor -> Tensor) -> Tensor -> Tensor))[] =
        let ones (x: Tensor) =
            Tensor.cast x.DType (Tensor.ones x.Shape)

        let along f x = Diff.gradv f x (ones x)
        let slope f x = Tensor.sum (Diff.grad f x)
        let forwardOfReverse f x = Diff.hessianv f x (ones x)

        // The other entry of the batch is harmless.
        let batched (derivative: (Tensor -> Tensor) -> Tensor -> Tensor) f (x: Tensor) =
            let batch = Tensor.stack 0 [ Tensor.full x.Shape 0.6; x ]
            (Diff.vmap (derivative f) batch)[1]

        let sumOfBatch (f: Tensor -> Tensor) (x: Tensor) =
            Tensor.sum (
                Diff.vmap f (Tensor.stack 0 [ x; 0.3 + 0.5 * Tensor.stopGradient x ])
                |> Tensor.slice 0 0 1
            )

        [|
            "value", id
            "compiled value", Diff.jit
            "batched value", batched id
            "reverse", Diff.grad
            "forward", along
            "compiled reverse", Diff.grad >> Diff.jit
            "batched reverse", batched Diff.grad
            "batched forward", batched along
            "reverse of a batch", sumOfBatch >> Diff.grad
            "forward of a batch", sumOfBatch >> along
            "forward of reverse", forwardOfReverse
            "reverse of reverse", slope >> Diff.grad
            "reverse of forward", along >> Diff.grad
            "forward of forward", along >> along
            "compiled forward of reverse", forwardOfReverse >> Diff.jit
            "batched forward of reverse", batched forwardOfReverse
            "reverse of batched reverse", (fun f -> Diff.grad (fun x -> Tensor.sum (batched Diff.grad f x)))
            "forward of reverse of a batch", sumOfBatch >> forwardOfReverse
        |]

    /// Larger derivatives lose too many places to be compared.
    let private large = 1e7

    let private same (expected: float[]) (found: float[]) =
        let scale = 1.0 + (expected |> Array.map abs |> Array.append [| 0.0 |] |> Array.max)
        Array.forall2 (fun e f -> abs (e - f) <= 1e-8 * scale) expected found

    let private isMild (values: float[]) =
        values |> Array.forall (fun value -> abs value < large)

    let show (chain: SelectionChain) =
        let links = chain.Links |> Array.map (fun i -> SelectionLinks.all[i].Name)
        $"""seed {chain.Seed}: {String.Join(" > ", links)}"""

    /// A function of which the poisonous point's derivatives are to equal the harmless one's, or nothing.
    let private posed (chain: SelectionChain) : Question voption =
        let random = Random(chain.Seed)
        let edge = edges[random.Next edges.Length]
        let bad = Array.init (1 + random.Next 2) (fun _ -> random.Next length)
        let harmless = Array.init length (fun _ -> 0.3 + 0.6 * random.NextDouble())
        let finish, g = finishes[random.Next finishes.Length]

        let poisonous =
            harmless |> Array.mapi (fun i x -> if Array.contains i bad then edge.Bad else x)

        let numbers (t: Tensor) = t.ToArray()
        let edged = vector >> edge.Function >> numbers

        match structure chain with
        | ValueNone -> ValueNone
        | ValueSome f ->
            match independent random f (edged harmless) (edged poisonous) bad with
            | [||] -> ValueNone
            | found ->
                let kept = found |> Array.filter (fun _ -> random.Next 2 = 0)
                let chosen = if random.Next 2 = 0 || kept.Length = 0 then found else kept
                // There is a value, of which an exception would tell.
                let count = (f.Apply(vector (edged poisonous))).ToArray().Length
                let how, select = selection random count chosen
                let seed = random.Next()

                ValueSome {
                    Text = $"{edge.Name} at {edge.Bad}, {how}, {finish}"
                    Whole =
                        fun x ->
                            let y = g (select (f.Apply(edge.Function x)))
                            Tensor.sum (y * SelectionLinks.weights seed (List.ofArray y.Shape) y)
                    Harmless = vector harmless
                    Poisonous = vector poisonous
                }

    let private compared (question: Question) =
        let mutable count = 0

        let differences = [
            for order, derivative in derivatives do
                let expected = (derivative question.Whole question.Harmless).ToArray()

                if isMild expected then
                    count <- count + 1
                    let found = (derivative question.Whole question.Poisonous).ToArray()

                    if not (same expected found) then
                        $"{question.Text}, {order}: %A{found} for %A{expected}"
        ]

        Compared(count, differences)

    let judge (chain: SelectionChain) : ChainOutcome =
        // A root of an infinity, or of no number, is not found.
        let question =
            try
                posed chain
            with :? InvalidOperationException ->
                ValueNone

        match question with
        | ValueNone -> NothingToChoose
        | ValueSome question -> compared question

    /// One to four links.
    let draw (seed: int) : SelectionChain =
        let random = Random(seed)
        let count = 1 + random.Next 4

        {
            Seed = seed
            Links = Array.init count (fun _ -> random.Next SelectionLinks.all.Length)
        }

    let private fails chain =
        match judge chain with
        | Compared(_, _ :: _) -> true
        | _ -> false

    /// With as few links as still fail.
    let rec smallest (chain: SelectionChain) : SelectionChain =
        let shorter =
            Seq.init chain.Links.Length (fun i -> {
                chain with
                    Links = Array.removeAt i chain.Links
            })

        match Seq.tryFind fails shorter with
        | Some chain -> smallest chain
        | None -> chain
