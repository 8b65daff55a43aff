// Tensor, Op and the trace refer to each other, and F# wants a type's operators in the type's own file: hence
// this file's length. Every op that no operator of Tensor needs has a file of its own under Ops/.
namespace Stackelberg

open System
open System.Collections.Generic
open System.Runtime.InteropServices
open System.Threading
open Stackelberg.Kernels

module internal Identity =
    let mutable private last = 0L

    /// Grows with every call, so that an expression's arguments always have smaller numbers than it has.
    let next () = Interlocked.Increment &last

/// Which of the user's functions the current thread is in: what symbols that it makes are said to belong to. A derivative
/// belongs to the function that it is the derivative of.
[<Sealed; AbstractClass>]
type internal Scope private () =

    [<ThreadStatic; DefaultValue>]
    static val mutable private current: string

    /// null outside of all named functions.
    static member Current
        with get () = Scope.current
        and set (name: string) = Scope.current <- name

    /// Puts the present scope back when it is disposed.
    static member Keep() : IDisposable =
        let kept = Scope.current

        {
            new IDisposable with
                member _.Dispose() = Scope.current <- kept
        }

module internal Show =

    /// Tensors of more entries show the ends of their axes.
    let private whole = 24

    /// How many entries at either end of an axis, of a vector and of others.
    let private ends, endsOfMany = 6, 3

    /// Nested brackets, up to eight significant digits; of many entries the ends, and the shape.
    let tensor (shape: int[]) (entry: int -> float) =
        let strides = Shape.strides shape
        let isLong = Shape.count shape > whole
        let kept = if shape.Length > 1 then endsOfMany else ends

        let rec show axis offset =
            if axis = shape.Length then
                digits 8 (entry offset)
            else
                let count = shape[axis]

                let at i =
                    show (axis + 1) (offset + i * strides[axis])

                let shown =
                    if isLong && count > 2 * kept then
                        Seq.concat [
                            Seq.init kept at
                            Seq.singleton "…"
                            Seq.init kept (fun i -> at (count - kept + i))
                        ]
                    else
                        Seq.init count at

                "[" + String.Join(", ", shown) + "]"

        if isLong then
            (invariant $"{show 0 0} (shape {Shape.show shape})")
        else
            show 0 0

/// <summary>An array of numbers, or a symbol that stands for one while a function is differentiated or compiled.</summary>
/// <remarks>
/// Immutable. An operation on arrays runs at once; an operation with a symbol in it builds an expression. Equality is
/// by reference and there is no ordering: a symbol has no value to compare. Choose between values with Tensor.where.
/// </remarks>
[<Sealed; AllowNullLiteral; StructuredFormatDisplay("{Shown}")>]
type Tensor
    internal
    (
        dtype: DType,
        shape: int[],
        data: Array,
        offset: int,
        value: float,
        structuralZero: bool,
        trace: Trace,
        op: Op,
        args: Tensor[]
    ) =

    let id = Identity.next ()

    /// <summary>The number type: Float64 unless Float32 was asked for.</summary>
    member _.DType = dtype

    /// <summary>The extents, row-major; empty for a scalar. The caller may not change the array.</summary>
    member _.Shape = shape

    /// <summary>Whether this is a symbol, whose numbers are not known yet.</summary>
    member _.IsSymbolic = not (isNull (box op))

    member internal _.Id = id
    /// The user's function that the symbol belongs to, or null.
    member val internal Scope: string = null with get, set
    /// The numbers from Offset on, contiguous; null for a symbol and for a constant (one value everywhere).
    member internal _.Data = data
    member internal _.Offset = offset
    member internal _.IsConstant = isNull data && isNull (box op)
    member internal _.Value = value
    /// A zero that differentiation made: it may absorb a factor, which a user's 0.0 may not (0 * NaN is NaN).
    member internal _.IsStructuralZero = structuralZero
    member internal _.Trace = trace
    member internal _.Op = op
    /// What a symbol is made of. For an array: null, or what made it, with Origin, if it leaves entries out.
    member internal _.Args = args
    /// Whether some entries are zeros by selection: a derivative's entries that are zero because a choice, a slice or
    /// another selection left them out. They stay zero whatever they are multiplied with (see Selection).
    member val internal LeavesOut = false with get, set
    /// The op that made an array that leaves entries out, null for all others.
    member val internal Origin: Op = Unchecked.defaultof<Op> with get, set
    /// 1 for the entries that were chosen, once it has been asked for (see Selection.mask).
    member val internal Mask: Tensor = null with get, set

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>Nested brackets, up to eight significant digits; a symbol shows its shape.</summary>
    override _.ToString() =
        match data with
        | _ when not (isNull (box op)) -> (invariant $"symbol {Shape.show shape}")
        | null -> Show.tensor shape (fun _ -> value)
        | :? (float32[]) as data -> Show.tensor shape (fun i -> float data[offset + i])
        | data -> Show.tensor shape (fun i -> (data :?> float[])[offset + i])

/// Everything that the engine knows of an operation. Transforms look at its kind, never at its name.
and [<ReferenceEquality>] internal Op = {
    Name: string
    /// With the name, what makes two ops the same operation: axes, extents, indices.
    Attributes: int[]
    /// A further part of the identity, compared by Equals; null for most.
    Template: obj
    Kind: Kind
    /// Checks the arguments and gives the result's number type and shape.
    Infer: Tensor[] -> struct (DType * int[])
    /// An equal, simpler expression, or null.
    Simplify: Tensor[] -> Tensor
    Kernel: Kernel
    /// The op for a whole batch: from itself and arguments with one more axis at the front, all of one extent, to the
    /// result with that axis.
    Batch: Op -> Tensor[] -> Tensor
}

and internal Kind =
    /// A leaf: an input, or the bound copy that a transform differentiates with respect to.
    | Variable
    /// All arguments of one shape, f acting entry by entry: the partial derivative by argument i, applied to a
    /// tangent or a cotangent (the map is diagonal, so both directions are one). Null means zero.
    | Elementwise of (int -> Tensor[] -> Tensor -> Tensor -> Tensor)
    /// Linear in all arguments together: the cotangent of argument i. A tangent goes through the op itself.
    | Linear of (int -> Tensor[] -> Tensor -> Tensor)
    /// Linear in each argument: the cotangent of argument i.
    | Bilinear of (int -> Tensor[] -> Tensor -> Tensor)
    /// Defined by an equation: the tangent from the arguments' tangents (null where zero), the cotangents of the
    /// arguments that are asked for.
    | Implicit of
        forward: (Op -> Tensor[] -> Tensor -> Tensor[] -> Tensor) *
        reverse: (Op -> Tensor[] -> Tensor -> Tensor -> bool[] -> Tensor[])
    /// Derivative zero everywhere: comparisons, sign, stopGradient.
    | Fixed

and internal Kernel =
    | Source
    | Element of ElementKernel
    /// The argument's own memory under other strides, from the result's shape and the argument; ValueNone where
    /// strides cannot express it (then the argument is copied first).
    | View of (int[] -> Operand -> Operand voption)
    /// A step of its own, or null if nothing is left to do. The flag says whether it reads operands under any
    /// strides, or only contiguous ones.
    | Loop of strided: bool * (Emitter -> Operand[] -> Operand -> Step)
    /// A step with a compiled body inside; it can also evaluate itself on arrays, and give the runs of its body on
    /// arrays in turn, if what happens in them is the user's.
    | Nested of
        evaluate: (Tensor[] -> Tensor) *
        emit: (Emitter -> Operand[] -> Operand -> Step) *
        runs: (Tensor[] -> BodyRun seq)

/// One run of a body: values of its variables, and the expressions that it computes.
and internal BodyRun = {
    Variables: Tensor[]
    Values: Tensor[]
    Results: Tensor[]
}

/// As the template of an op: its result is the argument's entries among zeros that differentiation made.
and [<Sealed>] internal Spreads private () =
    static member val Template = Spreads()

/// As the template of a bilinear op: from its arguments to the mask of its result (see Selection.mask).
and [<Sealed>] internal Masking(rule: Tensor[] -> Tensor) =
    member _.Rule = rule
    // What the op does is in its name and attributes.
    override _.Equals other = other :? Masking
    override _.GetHashCode() = 0

/// Where a value lies in a run's memory.
and [<Struct>] internal Operand = {
    Type: DType
    Extents: int[]
    Place: Place
    Strides: int[]
}

/// What an op may ask of the compiler while it makes its step.
and [<AbstractClass>] internal Emitter() =
    /// Memory for the time of the step.
    abstract Work: DType * int -> Place
    /// Memory that lasts as long as the run's workspace, zero at first.
    abstract State: DType * int -> Place
    /// A new entry of Workspace.Solves.
    abstract Report: unit -> int
    /// How many entries it has been asked for: those of a body are the ones between before and after it.
    abstract Reports: int
    /// The steps that compute expressions of given variables, each into a place.
    abstract Body: variables: Tensor[] * operands: Operand[] * results: Tensor[] * targets: Place[] -> Step[]

/// The symbols of one differentiation or compilation: equal expressions exist once in it.
and [<Sealed; AllowNullLiteral>] internal Trace() =
    let id = Identity.next ()
    let nodes = Dictionary<Tensor, Tensor>(NodeComparer())
    member _.Id = id

    member _.Intern(candidate: Tensor) =
        lock nodes (fun () ->
            let mutable isKnown = false

            let slot = &CollectionsMarshal.GetValueRefOrAddDefault(nodes, candidate, &isKnown)

            if not isKnown then
                candidate.Scope <- Scope.Current
                slot <- candidate

            slot)

and [<Sealed>] internal NodeComparer() =

    static member SameValue(a: Tensor, b: Tensor) =
        Object.ReferenceEquals(a, b)
        || (not a.IsSymbolic
            && not b.IsSymbolic
            && a.DType = b.DType
            && Object.ReferenceEquals(a.Data, b.Data)
            && a.Offset = b.Offset
            && a.IsStructuralZero = b.IsStructuralZero
            && BitConverter.DoubleToInt64Bits a.Value = BitConverter.DoubleToInt64Bits b.Value
            && Shape.same a.Shape b.Shape)

    static member SameOp(p: Op, q: Op) =
        Object.ReferenceEquals(p, q)
        || (p.Name = q.Name
            && Shape.same p.Attributes q.Attributes
            && Object.Equals(p.Template, q.Template))

    static member private HashValue(a: Tensor) =
        if a.IsSymbolic then
            a.Id.GetHashCode()
        elif a.IsConstant then
            a.Value.GetHashCode()
        else
            Runtime.CompilerServices.RuntimeHelpers.GetHashCode a.Data + a.Offset

    interface IEqualityComparer<Tensor> with
        member _.Equals(a, b) =
            a.Args.Length = b.Args.Length
            && Array.forall2 (fun a b -> NodeComparer.SameValue(a, b)) a.Args b.Args
            && NodeComparer.SameOp(a.Op, b.Op)

        member _.GetHashCode a =
            let mutable hash = HashCode()
            hash.Add a.Op.Name.Length
            hash.Add a.Op.Name[0]

            for attribute in a.Op.Attributes do
                hash.Add attribute

            for arg in a.Args do
                hash.Add(NodeComparer.HashValue arg)

            hash.ToHashCode()

/// How values and expressions come to be.
module internal Expression =

    let dense dtype shape (data: Array) offset =
        Tensor(dtype, shape, data, offset, 0.0, false, null, Unchecked.defaultof<Op>, null)

    let constant dtype shape (value: float) =
        let value =
            match dtype with
            | DType.Float32 -> float (float32 value)
            | _ -> value

        Tensor(dtype, shape, null, 0, value, false, null, Unchecked.defaultof<Op>, null)

    /// A zero that differentiation made.
    let zeros dtype shape =
        Tensor(dtype, shape, null, 0, 0.0, true, null, Unchecked.defaultof<Op>, null)

    let private isLeftOut (t: Tensor) = t.IsStructuralZero || t.LeavesOut

    /// Whether the op's result has zeros by selection: its own ones, or its arguments'.
    let private leavesOut (op: Op) (args: Tensor[]) =
        match op.Kind with
        | Elementwise _ ->
            match op.Name with
            | "where" -> isLeftOut args[1] || isLeftOut args[2]
            | "negate" -> isLeftOut args[0]
            | "add"
            | "subtract" -> isLeftOut args[0] && isLeftOut args[1]
            | _ -> false
        | Linear _ -> op.Template :? Spreads || Array.exists isLeftOut args
        | Bilinear _ -> op.Template :? Spreads || Array.exists isLeftOut args
        | Implicit _
        | Fixed
        | Variable -> false

    /// The same array, with the op and the arguments that made it.
    let private remembering op args (t: Tensor) =
        Tensor(
            t.DType,
            t.Shape,
            t.Data,
            t.Offset,
            t.Value,
            false,
            null,
            Unchecked.defaultof<Op>,
            args,
            LeavesOut = true,
            Origin = op
        )

    let isConstant value (t: Tensor) = t.IsConstant && t.Value = value

    let newArray dtype count : Array =
        match dtype with
        | DType.Float32 -> Array.zeroCreate<float32> count
        | _ -> Array.zeroCreate<float> count

    /// The numbers of an array or a constant, contiguous from the offset that comes with them.
    let numbers (t: Tensor) : struct (Array * int) =
        if not (isNull t.Data) then
            struct (t.Data, t.Offset)
        else
            let count = Shape.count t.Shape

            match t.DType with
            | DType.Float32 -> struct (Array.create count (float32 t.Value), 0)
            | _ -> struct (Array.create count t.Value, 0)

    let private variableOp = {
        Name = "variable"
        Attributes = [||]
        Template = null
        Kind = Variable
        Infer = fun _ -> struct (DType.Float64, [||])
        Simplify = fun _ -> null
        Kernel = Source
        Batch = fun _ _ -> null
    }

    let variable (trace: Trace) dtype shape =
        Tensor(dtype, shape, null, 0, 0.0, false, trace, variableOp, [||])

    /// The trace of the outermost symbol among the values: an equal expression is then always found in one table.
    let traceOf (values: Tensor[]) : Trace =
        let mutable found: Trace = null

        for value in values do
            if value.IsSymbolic && (isNull found || value.Trace.Id < found.Id) then
                found <- value.Trace

        found

    /// A variable of x's kind, in x's own trace or in a new one.
    let bindLike (x: Tensor) =
        variable (if x.IsSymbolic then x.Trace else Trace()) x.DType x.Shape

    let private runElement (kernel: ElementKernel) dtype (shape: int[]) (args: Tensor[]) =
        let arg i = numbers args[min i (args.Length - 1)]
        let struct (a, ai) = arg 0
        let struct (b, bi) = arg 1
        let struct (c, ci) = arg 2
        let count = Shape.count shape

        match dtype with
        | DType.Float32 ->
            let result = Array.zeroCreate<float32> count

            if count > 0 then
                let a, b, c = (a :?> float32[]), (b :?> float32[]), (c :?> float32[])
                kernel.Run(&a[ai], &b[bi], &c[ci], &result[0], count)

            dense dtype shape result 0
        | _ ->
            let result = Array.zeroCreate<float> count

            if count > 0 then
                let a, b, c = (a :?> float[]), (b :?> float[]), (c :?> float[])
                kernel.Run(&a[ai], &b[bi], &c[ci], &result[0], count)

            dense dtype shape result 0

    let private first (t: Tensor) =
        match t.Data with
        | :? (float32[]) as data -> float data[t.Offset]
        | data -> (data :?> float[])[t.Offset]

    /// A kernel's step run by itself on arrays.
    let private runLoop emit dtype (shape: int[]) (args: Tensor[]) =
        let buffers = List<Array>()
        let reports = ref 0

        let place array offset =
            buffers.Add array
            Place(buffers.Count - 1, offset)

        let emitter = {
            new Emitter() with
                member _.Work(dtype, count) = place (newArray dtype count) 0
                member _.State(dtype, count) = place (newArray dtype count) 0

                member _.Report() =
                    reports.Value <- reports.Value + 1
                    reports.Value - 1

                member _.Reports = reports.Value

                member _.Body(_, _, _, _) =
                    invalidOp "A kernel with a body evaluates itself."
        }

        let operands =
            args
            |> Array.map (fun arg ->
                let struct (data, offset) = numbers arg

                {
                    Type = arg.DType
                    Extents = arg.Shape
                    Place = place data offset
                    Strides = Shape.strides arg.Shape
                })

        let result = newArray dtype (Shape.count shape)

        let target = {
            Type = dtype
            Extents = shape
            Place = place result 0
            Strides = Shape.strides shape
        }

        let step: Step = emit emitter operands target

        let scratch wanted =
            if step.Type = wanted then step.Scratch else 0

        let typeOf (array: Array) =
            if array :? (float[]) then DType.Float64 else DType.Float32

        let types = Array.init buffers.Count (fun i -> typeOf buffers[i])
        let lengths = Array.init buffers.Count (fun i -> buffers[i].Length)
        Region.Require([| step |], types, lengths)

        step.Run(Workspace(buffers.ToArray(), scratch DType.Float64, scratch DType.Float32, reports.Value))
        dense dtype shape result 0

    let private runView view dtype (shape: int[]) (arg: Tensor) =
        let struct (data, offset) = numbers arg

        let whole = {
            Type = dtype
            Extents = arg.Shape
            Place = Place(0, offset)
            Strides = Shape.strides arg.Shape
        }

        match view shape whole with
        | _ when Shape.count shape = 0 -> dense dtype shape (newArray dtype 0) 0
        | ValueNone -> dense dtype shape data offset
        | ValueSome(seen: Operand) when Shape.isContiguous shape seen.Strides ->
            dense dtype shape data seen.Place.Offset
        | ValueSome seen ->
            let result = newArray dtype (Shape.count shape)

            let copy =
                Steps.Copy(dtype, shape, seen.Place, seen.Strides, Place(1, 0), Shape.strides shape)

            copy.Run(Workspace([| data; result |], 0, 0, 0))
            dense dtype shape result 0

    let private evaluate (op: Op) dtype (shape: int[]) (args: Tensor[]) =
        match op.Kernel with
        | Element kernel when Array.forall (fun (arg: Tensor) -> arg.IsConstant) args ->
            let scalars =
                args |> Array.map (fun arg -> constant arg.DType Shape.scalar arg.Value)

            constant dtype shape (first (runElement kernel dtype Shape.scalar scalars))
        | Element kernel -> runElement kernel dtype shape args
        | View view -> runView view dtype shape args[0]
        | Loop(_, emit) -> runLoop emit dtype shape args
        | Nested(run, _, _) -> run args
        | Source -> invalidOp (invariant $"{op.Name} has no value of its own.")

    /// The one way in which values arise from ops: check, simplify, then compute or build an expression.
    let apply (op: Op) (args: Tensor[]) : Tensor =
        let struct (dtype, shape) = op.Infer args

        let vanishes =
            match op.Kind with
            | Linear _ -> Array.forall (fun (arg: Tensor) -> arg.IsStructuralZero) args
            | Bilinear _ -> Array.exists (fun (arg: Tensor) -> arg.IsStructuralZero) args
            | _ -> false

        match (if vanishes then zeros dtype shape else op.Simplify args) with
        | null ->
            match traceOf args with
            | null ->
                let result = evaluate op dtype shape args

                if leavesOut op args then
                    remembering op args result
                else
                    result
            | trace ->
                trace.Intern(
                    Tensor(dtype, shape, null, 0, 0.0, false, trace, op, args, LeavesOut = leavesOut op args)
                )
        | simpler -> simpler

/// The structural ops that arithmetic needs for broadcasting. All are linear.
module internal Structure =

    let private never (_: Tensor[]) : Tensor = null

    let private op name attributes transpose shape simplify kernel batch = {
        Name = name
        Attributes = attributes
        Template = null
        Kind = Linear(fun _ args ct -> transpose args ct)
        Infer = fun args -> struct (args[0].DType, shape args[0].Shape)
        Simplify = simplify
        Kernel = kernel
        Batch = fun _ args -> batch args[0]
    }

    let rec reshape (shape: int[]) (t: Tensor) : Tensor =
        if Shape.same shape t.Shape then
            t
        else
            let view (_: int[]) (operand: Operand) =
                if Shape.isContiguous operand.Extents operand.Strides then
                    ValueSome {
                        operand with
                            Extents = shape
                            Strides = Shape.strides shape
                    }
                elif Array.forall ((=) 0) operand.Strides then
                    ValueSome {
                        operand with
                            Extents = shape
                            Strides = Array.zeroCreate shape.Length
                    }
                elif Shape.same (Array.filter ((<>) 1) operand.Extents) (Array.filter ((<>) 1) shape) then
                    // Only axes of one entry come and go: the strides of the others stay.
                    let strides =
                        Array.zip operand.Extents operand.Strides
                        |> Array.filter (fun (extent, _) -> extent <> 1)
                        |> Array.map snd

                    let position =
                        shape |> Array.scan (fun at extent -> if extent = 1 then at else at + 1) 0

                    ValueSome {
                        operand with
                            Extents = shape
                            Strides =
                                shape
                                |> Array.mapi (fun axis extent ->
                                    if extent = 1 then 0 else strides[position[axis]])
                    }
                else
                    ValueNone

            let infer (from: int[]) =
                if Shape.count from <> Shape.count shape then
                    Shape.wrong
                        "Tensor.reshape"
                        (invariant
                            $"shape {Shape.show from} has {Shape.count from} entries, but {Shape.show shape} has {Shape.count shape}; both counts must be equal.")

                shape

            let simplify (args: Tensor[]) =
                let t = args[0]

                if t.IsConstant then
                    Expression.constant t.DType shape t.Value
                elif t.IsSymbolic && t.Op.Name = "reshape" then
                    reshape shape t.Args[0]
                else
                    null

            let transpose (args: Tensor[]) ct = reshape args[0].Shape ct

            let batch (t: Tensor) =
                reshape (Array.append [| t.Shape[0] |] shape) t

            Expression.apply (op "reshape" shape transpose infer simplify (View view) batch) [| t |]

    /// The kernel of a reduction over axes.
    let reduction kind (axes: int[]) =
        let emit _ (operands: Operand[]) (target: Operand) =
            let from = operands[0]

            Steps.Reduce(
                from.Type,
                kind,
                Shape.without axes from.Extents,
                Shape.without axes from.Strides,
                Shape.only axes from.Extents,
                Shape.only axes from.Strides,
                from.Place,
                target.Place
            )

        Loop(true, emit)

    /// The axes of t that broadcasting to the shape repeats.
    let private repeated (from: int[]) (shape: int[]) = [|
        for axis in 0 .. shape.Length - 1 do
            if from[axis] = 1 && shape[axis] <> 1 then
                axis
    |]

    let rec broadcastTo (shape: int[]) (t: Tensor) : Tensor =
        if Shape.same shape t.Shape then
            t
        elif
            t.Shape.Length < shape.Length
            && t.IsSymbolic
            && t.Op.Name = "broadcast"
            && Shape.same (Shape.broadcast "Tensor.broadcastTo" t.Shape shape) shape
        then
            broadcastTo shape t.Args[0]
        elif t.Shape.Length < shape.Length then
            broadcastTo
                shape
                (reshape (Array.append (Array.create (shape.Length - t.Shape.Length) 1) t.Shape) t)
        else
            let view (_: int[]) (operand: Operand) =
                ValueSome {
                    operand with
                        Extents = shape
                        Strides =
                            Array.mapi
                                (fun axis s -> if operand.Extents[axis] = 1 then 0 else s)
                                operand.Strides
                }

            let infer (from: int[]) =
                if not (Shape.same (Shape.broadcast "Tensor.broadcastTo" from shape) shape) then
                    Shape.wrong
                        "Tensor.broadcastTo"
                        (invariant $"shape {Shape.show from} cannot be broadcast to {Shape.show shape}.")

                shape

            let simplify (args: Tensor[]) =
                let t = args[0]

                if t.IsConstant then
                    Expression.constant t.DType shape t.Value
                elif t.IsSymbolic && t.Op.Name = "broadcast" then
                    broadcastTo shape t.Args[0]
                else
                    null

            let transpose (args: Tensor[]) (ct: Tensor) =
                reshape args[0].Shape (sum (repeated args[0].Shape shape) ct)

            let batch (t: Tensor) =
                broadcastTo (Array.append [| t.Shape[0] |] shape) t

            Expression.apply (op "broadcast" shape transpose infer simplify (View view) batch) [| t |]

    /// Sums over axes (ascending, from 0), which disappear.
    and sum (axes: int[]) (t: Tensor) : Tensor =
        if axes.Length = 0 then
            t
        else
            let infer (from: int[]) = Shape.without axes from

            let simplify (args: Tensor[]) =
                let t = args[0]

                if
                    t.IsSymbolic
                    && t.Op.Name = "sum"
                    && t.Shape.Length = axes.Length
                    && t.Args[0].Shape.Length > 0
                then
                    sum [| 0 .. t.Args[0].Shape.Length - 1 |] t.Args[0]
                else
                    null

            let transpose (args: Tensor[]) ct =
                let from = args[0].Shape
                broadcastTo from (reshape (Shape.flattened axes from) ct)

            let kernel = reduction Reduction.Sum axes
            let batch t = sum (Array.map ((+) 1) axes) t
            Expression.apply (op "sum" axes transpose infer simplify kernel batch) [| t |]

    let sumAll (t: Tensor) = sum [| 0 .. t.Shape.Length - 1 |] t

/// The elementwise ops behind F#'s operators and mathematical functions.
module internal Elementwise =

    let private sameShape name (args: Tensor[]) =
        for arg in args do
            if arg.DType <> args[0].DType then
                Shape.wrong
                    (invariant $"Tensor.{name}")
                    (invariant
                        $"one operand is {args[0].DType}, another {arg.DType}; convert one with Tensor.cast.")

        struct (args[args.Length - 1].DType, args[args.Length - 1].Shape)

    /// Whether a value is known to be the same everywhere.
    let private isSingle (t: Tensor) =
        t.IsConstant
        || t.IsSymbolic && t.Op.Name = "broadcast" && Shape.count t.Args[0].Shape = 1

    /// The single entry behind such a value.
    let private single (t: Tensor) : Tensor =
        if t.IsStructuralZero then
            Expression.zeros t.DType Shape.scalar
        elif t.IsConstant then
            Expression.constant t.DType Shape.scalar t.Value
        else
            Structure.reshape Shape.scalar t.Args[0]

    /// f(broadcast a, broadcast b) = broadcast f(a, b): scalar work stays scalar.
    let private lift apply (simplify: Tensor[] -> Tensor) (args: Tensor[]) : Tensor =
        match simplify args with
        | null ->
            let shape = args[args.Length - 1].Shape

            if
                Shape.count shape = 1
                || not (Array.forall isSingle args)
                || Array.forall (fun (arg: Tensor) -> arg.IsConstant) args
            then
                null
            else
                Structure.broadcastTo shape (apply (Array.map single args))
        | simpler -> simpler

    let rec make (kernel: ElementKernel) kind simplify : Op = {
        Name = kernel.Name
        Attributes = [||]
        Template = null
        Kind = kind
        Infer = sameShape kernel.Name
        Simplify = lift (fun args -> Expression.apply (make kernel kind simplify) args) simplify
        Kernel = Element kernel
        Batch = Expression.apply
    }

    let private asIs (_: Tensor[]) : Tensor = null

    let number (like: Tensor) value =
        Expression.constant like.DType Shape.scalar value

    let private unary op (t: Tensor) = Expression.apply op [| t |]

    /// Applies an op after broadcasting its operands to one shape.
    let broadcasting (op: Op) (args: Tensor[]) =
        let mutable shape = args[0].Shape

        for arg in args do
            if not (Shape.same shape arg.Shape) then
                shape <- Shape.broadcast ("Tensor." + op.Name) shape arg.Shape

        for i in 0 .. args.Length - 1 do
            args[i] <- Structure.broadcastTo shape args[i]

        Expression.apply op args

    /// A function of one argument from its kernel and the derivative's action on a tangent: x, f(x), t.
    let smooth kernel derive =
        unary (make kernel (Elementwise(fun _ args out t -> derive args[0] out t)) asIs)

    /// A function of two arguments from its kernel and its partial derivatives' action on a tangent.
    let binary kernel derive (a: Tensor) (b: Tensor) =
        broadcasting (make kernel (Elementwise derive) asIs) [| a; b |]

    let private step kernel = unary (make kernel Fixed asIs)

    let private compare kernel a b =
        broadcasting (make kernel Fixed asIs) [| a; b |]

    let less a b = compare ElementKernels.Less a b
    let lessEqual a b = compare ElementKernels.LessEqual a b
    let equal a b = compare ElementKernels.Equal a b
    let notEqual a b = compare ElementKernels.NotEqual a b
    let sign = step ElementKernels.Sign
    let floor = step ElementKernels.Floor
    let ceiling = step ElementKernels.Ceiling
    let round = step ElementKernels.Round

    let private isNegation (t: Tensor) = t.IsSymbolic && t.Op.Name = "negate"

    /// Sums and products of two are written with the older symbol first, so that a + b and b + a are one expression.
    let private isOutOfOrder (a: Tensor) (b: Tensor) =
        b.IsSymbolic && (not a.IsSymbolic || a.Id > b.Id)

    let private isOp name (t: Tensor) = t.IsSymbolic && t.Op.Name = name

    /// A·V + Aᵀ·V = (A + Aᵀ)·V: one product instead of two. Null when a + b is nothing of the kind.
    let rec private factor (add: Tensor -> Tensor -> Tensor) (a: Tensor) (b: Tensor) : Tensor =
        let transposes (p: Tensor) (q: Tensor) =
            isOp "permute" p && Object.ReferenceEquals(p.Args[0], q)

        if
            isOp "matmul" a
            && isOp "matmul" b
            && Object.ReferenceEquals(a.Args[1], b.Args[1])
            && Shape.same a.Args[0].Shape b.Args[0].Shape
            && (transposes a.Args[0] b.Args[0] || transposes b.Args[0] a.Args[0])
        then
            Expression.apply a.Op [| add a.Args[0] b.Args[0]; a.Args[1] |]
        // The product of a matrix and a vector is a reshaped product of matrices.
        elif isOp "reshape" a && isOp "reshape" b then
            match factor add a.Args[0] b.Args[0] with
            | null -> null
            | product -> Structure.reshape a.Shape product
        else
            null

    /// Whether a number and its inverse are powers of two that the number type holds in full.
    let private isPowerOfTwo (t: Tensor) =
        let isNormal (value: float) =
            if t.DType = DType.Float32 then
                Single.IsNormal(float32 value)
            else
                Double.IsNormal value

        let magnitude = abs t.Value

        isNormal magnitude
        && isNormal (1.0 / magnitude)
        && Math.ScaleB(1.0, Math.ILogB magnitude) = magnitude

    /// A choice, entry by entry.
    let rec where condition a b =
        let derive i (args: Tensor[]) _ (t: Tensor) =
            let zero = Expression.zeros t.DType t.Shape

            match i with
            | 1 -> where args[0] t zero
            | 2 -> where args[0] zero t
            | _ -> null

        let simplify (args: Tensor[]) =
            if args[1].IsStructuralZero && args[2].IsStructuralZero then
                args[1]
            elif args[0].IsConstant then
                (if args[0].Value <> 0.0 then args[1] else args[2])
            else
                null

        broadcasting (make ElementKernels.Where (Elementwise derive) simplify) [| condition; a; b |]

    /// Zeros by selection: the entries of a derivative that are zero because a choice, a slice or another selection left
    /// them out. Whatever such a zero is multiplied with, the product is zero: the partial derivative there, which may be
    /// infinite or NaN, belongs to a value that had no influence. A zero that was computed is another matter: 0 · ∞ is
    /// NaN. The products below keep the two apart by a mask, which is made only where a product asks for it.
    module Selection =

        let private opOf (t: Tensor) = if t.IsSymbolic then t.Op else t.Origin

        let private isComparison (t: Tensor) =
            t.IsSymbolic
            && (isOp "less" t || isOp "lessEqual" t || isOp "equal" t || isOp "notEqual" t)

        /// Ops whose result holds entries of their argument and nothing else: of zeros and ones they make no others.
        let private moves (op: Op) =
            match op.Name with
            | "reshape"
            | "permute"
            | "broadcast"
            | "slice"
            | "gather"
            | "concat"
            | "cast" -> true
            | _ -> op.Template :? Spreads && op.Name <> "scatter"

        let private constant (like: Tensor) value =
            Expression.constant like.DType like.Shape value

        let private nonZero t = notEqual t (number t 0.0)

        /// 1 in all entries of a result of this shape if each argument has a 1 in any.
        let private anywhere (like: Tensor) (masks: Tensor[]) =
            masks
            |> Array.map (Structure.sumAll >> nonZero)
            |> Array.reduce (fun a b -> where a b (number a 0.0))
            |> Structure.broadcastTo like.Shape

        /// 1 for each entry that was chosen or computed, 0 for one that a selection left out.
        let rec mask (t: Tensor) : Tensor =
            if t.IsStructuralZero then
                constant t 0.0
            elif not t.LeavesOut then
                constant t 1.0
            else
                if isNull t.Mask then
                    t.Mask <- made (opOf t) t.Args t

                t.Mask

        and private made (op: Op) (args: Tensor[]) (t: Tensor) : Tensor =
            match op.Kind with
            | Elementwise _ ->
                match op.Name with
                | "where" ->
                    let a, b = mask args[1], mask args[2]

                    if
                        isComparison args[0]
                        && Expression.isConstant 1.0 a
                        && Expression.isConstant 0.0 b
                    then
                        args[0]
                    else
                        where args[0] a b
                | "negate" -> mask args[0]
                | _ -> where (mask args[0]) (constant t 1.0) (mask args[1])
            | Linear _ when op.Name = "custom" -> anywhere t (Array.map mask args)
            | Linear _ ->
                let moved = Expression.apply op (Array.map mask args)
                if moves op then moved else nonZero moved
            | _ ->
                match op.Template with
                | :? Masking as masking -> masking.Rule args
                | :? Spreads -> nonZero (Expression.apply op (Array.updateAt 0 (mask args[0]) args))
                | _ -> anywhere t (Array.map mask args)

        /// t where it was chosen, zero by selection elsewhere.
        let keep (mask: Tensor) (t: Tensor) : Tensor =
            where mask t (Expression.zeros t.DType t.Shape)

        /// f(t, b), for f linear in t and entry by entry, with t's zeros by selection; null if t has none.
        /// f takes t apart in its turn, plain does not.
        let product
            (f: Tensor -> Tensor -> Tensor)
            (plain: Tensor -> Tensor -> Tensor)
            (t: Tensor)
            (b: Tensor)
            : Tensor =
            if not t.LeavesOut then
                null
            else
                let op, args = opOf t, t.Args
                let each () = keep (mask t) (plain t b)

                match op.Kind with
                | Elementwise _ when op.Name = "where" && args[2].IsStructuralZero ->
                    where args[0] (f args[1] b) args[2]
                | Elementwise _ when op.Name = "where" && args[1].IsStructuralZero ->
                    where args[0] args[1] (f args[2] b)
                // Inside the zeros, only the entries themselves are multiplied.
                | Linear transpose
                | Bilinear transpose when (op.Template :? Spreads) ->
                    Expression.apply op (Array.updateAt 0 (f args[0] (transpose 0 args b)) args)
                | Linear transpose when
                    op.Name = "concat"
                    && Array.exists (fun (part: Tensor) -> part.IsStructuralZero) args
                    ->
                    args
                    |> Array.mapi (fun i part ->
                        if part.IsStructuralZero then
                            part
                        else
                            f part (transpose i args b))
                    |> Expression.apply op
                | _ -> each ()

        /// where c a 0 + where c b 0 = where c (a + b) 0, so that the sum of two such cotangents is one again; the
        /// same for a difference. Null for any other tensors.
        let both (f: Tensor -> Tensor -> Tensor) (a: Tensor) (b: Tensor) : Tensor =
            let isChoice (t: Tensor) = t.LeavesOut && (opOf t).Name = "where"

            if isChoice a && isChoice b && Object.ReferenceEquals(a.Args[0], b.Args[0]) then
                if a.Args[2].IsStructuralZero && b.Args[2].IsStructuralZero then
                    where a.Args[0] (f a.Args[1] b.Args[1]) a.Args[2]
                elif a.Args[1].IsStructuralZero && b.Args[1].IsStructuralZero then
                    where a.Args[0] a.Args[1] (f a.Args[2] b.Args[2])
                else
                    null
            else
                null

        /// f t for f = negation.
        let negated (f: Tensor -> Tensor) (t: Tensor) : Tensor =
            if t.LeavesOut && (opOf t).Name = "where" then
                if t.Args[2].IsStructuralZero then
                    where t.Args[0] (f t.Args[1]) t.Args[2]
                elif t.Args[1].IsStructuralZero then
                    where t.Args[0] t.Args[1] (f t.Args[2])
                else
                    null
            else
                null

    // Ops are made anew at each call, so that an op's derivative may use the op itself; equality goes by name.
    let rec negate t = unary (negateOp ()) t

    and private negateOp () =
        make ElementKernels.Negate (Elementwise(fun _ _ _ t -> negate t)) (fun args ->
            if args[0].IsStructuralZero then args[0]
            elif isNegation args[0] then args[0].Args[0]
            else Selection.negated negate args[0])

    let rec add a b =
        broadcasting
            (make ElementKernels.Add (Elementwise(fun _ _ _ t -> t)) (fun args ->
                let a, b = args[0], args[1]

                if Expression.isConstant 0.0 a then
                    b
                elif Expression.isConstant 0.0 b then
                    a
                elif isNegation b then
                    subtract a b.Args[0]
                elif isNegation a then
                    subtract b a.Args[0]
                elif isOutOfOrder a b then
                    add b a
                else
                    match Selection.both add a b with
                    | null -> factor add a b
                    | chosen -> chosen))
            [| a; b |]

    and subtract a b =
        broadcasting
            (make
                ElementKernels.Subtract
                (Elementwise(fun i _ _ t -> if i = 0 then t else negate t))
                (fun args ->
                    let a, b = args[0], args[1]

                    if Expression.isConstant 0.0 b then a
                    elif a.IsStructuralZero then negate b
                    elif isNegation b then add a b.Args[0]
                    else Selection.both subtract a b))
            [| a; b |]

    let rec multiply a b =
        /// Of a square it is t · 2x rather than t · x + x · t: 2x does not wait for a direction.
        let derive i (args: Tensor[]) _ t =
            if not (Object.ReferenceEquals(args[0], args[1])) then
                multiply t args[1 - i]
            elif i = 0 then
                multiply t (multiply args[0] (number args[0] 2.0))
            else
                null

        let plain a (b: Tensor) =
            let product =
                Expression.apply (make ElementKernels.Multiply (Elementwise derive) asIs) [| a; b |]

            if b.LeavesOut then
                Selection.keep (Selection.mask b) product
            else
                product

        broadcasting
            (make ElementKernels.Multiply (Elementwise derive) (fun args ->
                let a, b = args[0], args[1]

                if a.IsStructuralZero then
                    a
                elif b.IsStructuralZero then
                    b
                elif Expression.isConstant 1.0 a then
                    b
                elif Expression.isConstant 1.0 b then
                    a
                elif Expression.isConstant -1.0 a then
                    negate b
                elif Expression.isConstant -1.0 b then
                    negate a
                // A sign on the outside often meets another one, or a sum that takes it in.
                elif isNegation a then
                    negate (multiply a.Args[0] b)
                elif isNegation b then
                    negate (multiply a b.Args[0])
                elif isOutOfOrder a b then
                    multiply b a
                else
                    match Selection.product multiply plain a b with
                    | null -> Selection.product multiply plain b a
                    | chosen -> chosen))
            [| a; b |]

    let rec divide a b =
        let derive i (args: Tensor[]) out t =
            if i = 0 then
                divide t args[1]
            else
                negate (divide (multiply t out) args[1])

        let plain a b =
            Expression.apply (make ElementKernels.Divide (Elementwise derive) asIs) [| a; b |]

        broadcasting
            (make ElementKernels.Divide (Elementwise derive) (fun args ->
                let a, b = args[0], args[1]

                if a.IsStructuralZero then
                    a
                elif Expression.isConstant 1.0 b then
                    a
                // Exact, so that the bits do not change; 1/c of another constant would round.
                elif b.IsConstant && isPowerOfTwo b && not a.IsConstant then
                    multiply a (Expression.constant b.DType b.Shape (1.0 / b.Value))
                else
                    Selection.product divide plain a b))
            [| a; b |]

    /// t times a share of it, zero by selection where the share is 0. NaN counts as chosen.
    let private shared share t = Selection.keep share (multiply t share)

    let maximum a b =
        let derive i (args: Tensor[]) _ t =
            shared (compare ElementKernels.Share args[i] args[1 - i]) t

        broadcasting (make ElementKernels.Maximum (Elementwise derive) asIs) [| a; b |]

    let minimum a b = negate (maximum (negate a) (negate b))

    /// 1 where t is positive, 0 where it is not, NaN where it is NaN.
    let isPositive t =
        compare ElementKernels.Exceeds t (number t 0.0)

    /// Another op than a maximum with zero, with which 0 would share its derivative.
    let relu (t: Tensor) =
        let derive i (args: Tensor[]) _ t =
            if i = 0 then null else shared (isPositive args[1]) t

        broadcasting
            {
                make ElementKernels.Maximum (Elementwise derive) asIs with
                    Attributes = [| 0 |]
            }
            [| number t 0.0; t |]

    let abs = smooth ElementKernels.Abs (fun x _ t -> multiply t (sign x))

    /// The larger of two, of derivative zero.
    let private fixedMaximum a b =
        broadcasting
            {
                make ElementKernels.Maximum Fixed asIs with
                    Attributes = [| 1 |]
            }
            [| a; b |]

    let rec exp t =
        smooth ElementKernels.Exp (fun _ y t -> multiply t y) t

    let expm1 = smooth ElementKernels.Expm1 (fun x _ t -> multiply t (exp x))
    let log = smooth ElementKernels.Log (fun x _ t -> divide t x)

    let log1p =
        smooth ElementKernels.Log1p (fun x _ t -> divide t (add (number x 1.0) x))

    /// Whether two expressions are one in other shapes.
    let private isSameEntries (a: Tensor) (b: Tensor) =
        let rec inner (t: Tensor) =
            if isOp "reshape" t then inner t.Args[0] else t

        Object.ReferenceEquals(inner a, inner b)

    /// Whether an expression is written as a sum of squares: its root is a norm, which has a cone where it is 0.
    let private isSumOfSquares (t: Tensor) =
        let seen = HashSet<Tensor>(HashIdentity.Reference)
        let isPositive (t: Tensor) = t.IsConstant && t.Value > 0.0

        let rec check (t: Tensor) =
            not (seen.Add t)
            || t.IsSymbolic
               && (match t.Op.Name with
                   | "multiply" ->
                       Object.ReferenceEquals(t.Args[0], t.Args[1])
                       || isPositive t.Args[0] && check t.Args[1]
                       || isPositive t.Args[1] && check t.Args[0]
                   | "divide" -> isPositive t.Args[1] && check t.Args[0]
                   | "pow" -> isPositive t.Args[1] && t.Args[1].Value % 2.0 = 0.0
                   | "matmul" -> Shape.count t.Shape = 1 && isSameEntries t.Args[0] t.Args[1]
                   | "add"
                   | "sum"
                   | "reshape"
                   | "broadcast"
                   | "permute"
                   | "slice"
                   | "gather"
                   | "concat" -> Array.forall check t.Args
                   | _ -> false)

        check t

    /// t · slope y, and 0 with all its derivatives where y is 0.
    let private exceptAtZero (y: Tensor) (slope: Tensor -> Tensor) (t: Tensor) =
        let isElsewhere = notEqual y (number y 0.0)
        let safe = where isElsewhere y (number y 1.0)
        where isElsewhere (multiply t (slope safe)) (Expression.zeros t.DType t.Shape)

    let sqrt =
        smooth ElementKernels.Sqrt (fun x y t ->
            if isSumOfSquares x then
                exceptAtZero y (fun y -> divide (number y 0.5) y) t
            else
                divide t (multiply (number y 2.0) y))

    /// The other way round of a difference that is out of order, or what a negation negates; null for anything else.
    let private mirrored (t: Tensor) =
        if isNegation t then
            t.Args[0]
        elif isOp "subtract" t && isOutOfOrder t.Args[0] t.Args[1] then
            subtract t.Args[1] t.Args[0]
        else
            null

    // Of a − b and b − a only one is left, so that both players' derivatives share their sines and cosines.
    let rec sin t = unary (sinOp ()) t

    and private sinOp () =
        make ElementKernels.Sin (Elementwise(fun _ args _ t -> multiply t (cos args[0]))) (fun args ->
            match mirrored args[0] with
            | null -> null
            | other -> negate (sin other))

    and cos t = unary (cosOp ()) t

    and private cosOp () =
        make
            ElementKernels.Cos
            (Elementwise(fun _ args _ t -> negate (multiply t (sin args[0]))))
            (fun args ->
                match mirrored args[0] with
                | null -> null
                | other -> cos other)

    let rec private sechSquared t =
        smooth
            ElementKernels.SechSquared
            (fun x y t -> multiply t (multiply y (multiply (tanh x) (number x -2.0))))
            t

    and tanh t =
        smooth ElementKernels.Tanh (fun x _ t -> multiply t (sechSquared x)) t

    let rec sinh t =
        smooth ElementKernels.Sinh (fun x _ t -> multiply t (cosh x)) t

    and cosh t =
        smooth ElementKernels.Cosh (fun x _ t -> multiply t (sinh x)) t

    let private square x = multiply x x

    let oneMinusSquare =
        smooth ElementKernels.OneMinusSquare (fun x _ t -> multiply t (multiply x (number x -2.0)))

    let private onePlusSquare x = add (number x 1.0) (square x)

    /// 1 / (1 + x²), with a derivative −2 y (x y) whose factors neither overflow nor underflow before it does.
    let rec private inverseOnePlusSquare t =
        smooth
            ElementKernels.InverseOnePlusSquare
            (fun x y t -> multiply t (multiply y (multiply (multiply x y) (number x -2.0))))
            t

    let tan = smooth ElementKernels.Tan (fun _ y t -> multiply t (onePlusSquare y))

    let asin =
        smooth ElementKernels.Asin (fun x _ t -> divide t (sqrt (oneMinusSquare x)))

    let acos =
        smooth ElementKernels.Acos (fun x _ t -> negate (divide t (sqrt (oneMinusSquare x))))

    let atan =
        smooth ElementKernels.Atan (fun x _ t -> multiply t (inverseOnePlusSquare x))

    /// The derivative of sigmoid is 1 / (4 cosh² (x/2)): y (1 − y) would cancel where y is nearly 1.
    let sigmoid =
        smooth ElementKernels.Sigmoid (fun x _ t ->
            multiply t (multiply (sechSquared (multiply x (number x 0.5))) (number x 0.25)))

    let softplus = smooth ElementKernels.Softplus (fun x _ t -> multiply t (sigmoid x))

    let log10 t =
        divide (log t) (number t (Math.Log 10.0))

    let atan2 y x =
        let derive i (args: Tensor[]) _ t =
            // x / (x² + y²) at the scale of the larger one, whose square may be no number. The scale never moves.
            let scale = fixedMaximum (abs args[0]) (abs args[1])
            let y, x = divide args[0] scale, divide args[1] scale
            let radius = multiply (add (square x) (square y)) scale

            if i = 0 then
                divide (multiply t x) radius
            else
                negate (divide (multiply t y) radius)

        broadcasting (make ElementKernels.Atan2 (Elementwise derive) asIs) [| y; x |]

    let rec pow a b =
        let derive i (args: Tensor[]) out t =
            let a, b = args[0], args[1]

            if i = 0 then
                if b.IsConstant && b.Value >= 0.5 && b.Value < 1.0 && isSumOfSquares a then
                    exceptAtZero a (fun a -> multiply b (pow a (number b (b.Value - 1.0)))) t
                elif b.IsConstant then
                    multiply t (multiply b (pow a (number b (b.Value - 1.0))))
                else
                    // b = 0 makes the derivative zero even where a = 0 makes a to the power b − 1 infinite. Elsewhere b − 1
                    // stays what it is: b may move.
                    let isOpen = multiply (equal a (number a 0.0)) (equal b (number b 0.0))
                    let lowered = where isOpen (number b 1.0) (subtract b (number b 1.0))

                    multiply t (multiply b (pow a lowered))
            else
                // a^b log a → 0 as a → 0, for b > 0; the logarithm itself must not see the 0.
                let safe = where (equal a (number a 0.0)) (number a 1.0) a
                multiply t (multiply out (log safe))

        broadcasting
            (make ElementKernels.Pow (Elementwise derive) (fun args ->
                let a, b = args[0], args[1]

                if not b.IsConstant || a.IsConstant then
                    null
                elif b.Value = 0.0 then
                    Expression.constant a.DType a.Shape 1.0
                elif b.Value = 1.0 then
                    a
                elif b.Value = 2.0 then
                    multiply a a
                elif b.Value = -1.0 then
                    divide (number a 1.0) a
                else
                    null))
            [| a; b |]

type Tensor with

    member private t.Known func =
        if t.IsSymbolic then
            invalidOp (
                invariant
                    $"{func}: this tensor (shape {Shape.show t.Shape}) is a symbol: a cost is being differentiated or compiled, or a loop's body read, and its numbers are not known yet. To choose between two values write Tensor.where condition a b; to look at numbers, call the function on numbers."
            )

        t

    /// <summary>The numbers, row-major, as float64. A copy.</summary>
    /// <exception cref="T:System.InvalidOperationException">The tensor is a symbol.</exception>
    member t.ToArray() : float[] =
        let struct (data, offset) = Expression.numbers (t.Known "Tensor.ToArray")
        let count = Shape.count t.Shape

        match data with
        | :? (float32[]) as data -> Array.init count (fun i -> float data[offset + i])
        | data -> Array.sub (data :?> float[]) offset count

    /// <summary>The number of a tensor with one entry.</summary>
    /// <exception cref="T:System.InvalidOperationException">The tensor is a symbol.</exception>
    /// <exception cref="T:System.ArgumentException">It does not have exactly one entry.</exception>
    static member op_Explicit(t: Tensor) : float =
        match (t.Known "float").ToArray() with
        | [| value |] -> value
        | _ ->
            Shape.wrong
                "float"
                (invariant
                    $"the tensor has shape {Shape.show t.Shape}, but one entry is needed (a scalar []). Take an entry first, as in t[0].")

    /// <summary>The number of a tensor with one entry; as the conversion to double, for C#.</summary>
    member t.ToDouble() : float = Tensor.op_Explicit t

    /// <summary>The scalar 0 of float64, from which List.sum and Seq.sumBy begin.</summary>
    /// <example><code lang="fsharp">List.sum [ Tensor.scalar 1.0; Tensor.scalar 2.0 ] // 3</code></example>
    static member Zero = Expression.constant DType.Float64 Shape.scalar 0.0

    /// <summary>aᵢ + bᵢ. Shapes broadcast.</summary>
    static member (+)(a: Tensor, b: Tensor) = Elementwise.add a b

    /// <summary>aᵢ + bᵢ. Shapes broadcast.</summary>
    static member (+)(a: Tensor, b: float) =
        Elementwise.add a (Elementwise.number a b)

    /// <summary>aᵢ + bᵢ. Shapes broadcast.</summary>
    static member (+)(a: float, b: Tensor) =
        Elementwise.add (Elementwise.number b a) b

    /// <summary>aᵢ + bᵢ. Shapes broadcast.</summary>
    static member (+)(a: Tensor, b: int) = a + float b

    /// <summary>aᵢ + bᵢ. Shapes broadcast.</summary>
    static member (+)(a: int, b: Tensor) = float a + b

    /// <summary>aᵢ − bᵢ. Shapes broadcast.</summary>
    static member (-)(a: Tensor, b: Tensor) = Elementwise.subtract a b

    /// <summary>aᵢ − bᵢ. Shapes broadcast.</summary>
    static member (-)(a: Tensor, b: float) =
        Elementwise.subtract a (Elementwise.number a b)

    /// <summary>aᵢ − bᵢ. Shapes broadcast.</summary>
    static member (-)(a: float, b: Tensor) =
        Elementwise.subtract (Elementwise.number b a) b

    /// <summary>aᵢ − bᵢ. Shapes broadcast.</summary>
    static member (-)(a: Tensor, b: int) = a - float b

    /// <summary>aᵢ − bᵢ. Shapes broadcast.</summary>
    static member (-)(a: int, b: Tensor) = float a - b

    /// <summary>aᵢ bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (*)(a: Tensor, b: Tensor) = Elementwise.multiply a b

    /// <summary>aᵢ bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (*)(a: Tensor, b: float) =
        Elementwise.multiply a (Elementwise.number a b)

    /// <summary>aᵢ bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (*)(a: float, b: Tensor) =
        Elementwise.multiply (Elementwise.number b a) b

    /// <summary>aᵢ bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (*)(a: Tensor, b: int) = a * float b

    /// <summary>aᵢ bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (*)(a: int, b: Tensor) = float a * b

    /// <summary>aᵢ / bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (/)(a: Tensor, b: Tensor) = Elementwise.divide a b

    /// <summary>aᵢ / bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (/)(a: Tensor, b: float) =
        Elementwise.divide a (Elementwise.number a b)

    /// <summary>aᵢ / bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (/)(a: float, b: Tensor) =
        Elementwise.divide (Elementwise.number b a) b

    /// <summary>aᵢ / bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (/)(a: Tensor, b: int) = a / float b

    /// <summary>aᵢ / bᵢ, entry by entry. Shapes broadcast.</summary>
    static member (/)(a: int, b: Tensor) = float a / b

    /// <summary>−aᵢ.</summary>
    static member (~-)(a: Tensor) = Elementwise.negate a

    /// <summary>a itself.</summary>
    static member (~+)(a: Tensor) = a

    /// <summary>aᵢ to the power bᵢ; <c>a ** b</c>. Shapes broadcast.</summary>
    static member Pow(a: Tensor, b: Tensor) = Elementwise.pow a b

    /// <summary>aᵢ to the power bᵢ; <c>a ** b</c>. Shapes broadcast.</summary>
    static member Pow(a: Tensor, b: float) =
        Elementwise.pow a (Elementwise.number a b)

    /// <summary>aᵢ to the power bᵢ; <c>a ** b</c>. Shapes broadcast.</summary>
    static member Pow(a: Tensor, b: int) =
        Elementwise.pow a (Elementwise.number a (float b))

    /// <summary>exp tᵢ.</summary>
    static member Exp(t: Tensor) = Elementwise.exp t

    /// <summary>The natural logarithm of tᵢ; −∞ at 0, NaN below.</summary>
    static member Log(t: Tensor) = Elementwise.log t

    /// <summary>The decimal logarithm of tᵢ.</summary>
    static member Log10(t: Tensor) = Elementwise.log10 t

    /// <summary>√tᵢ; NaN below 0. The derivative at 0 is infinite, but 0 where t is written as a sum of squares: a norm by
    /// hand, or a standard deviation.</summary>
    static member Sqrt(t: Tensor) = Elementwise.sqrt t

    /// <summary>|tᵢ|, of derivative 0 at 0.</summary>
    static member Abs(t: Tensor) = Elementwise.abs t

    /// <summary>sin tᵢ.</summary>
    static member Sin(t: Tensor) = Elementwise.sin t

    /// <summary>cos tᵢ.</summary>
    static member Cos(t: Tensor) = Elementwise.cos t

    /// <summary>tan tᵢ.</summary>
    static member Tan(t: Tensor) = Elementwise.tan t

    /// <summary>sinh tᵢ.</summary>
    static member Sinh(t: Tensor) = Elementwise.sinh t

    /// <summary>cosh tᵢ.</summary>
    static member Cosh(t: Tensor) = Elementwise.cosh t

    /// <summary>tanh tᵢ.</summary>
    static member Tanh(t: Tensor) = Elementwise.tanh t

    /// <summary>arcsin tᵢ; NaN beyond ±1.</summary>
    static member Asin(t: Tensor) = Elementwise.asin t

    /// <summary>arccos tᵢ; NaN beyond ±1.</summary>
    static member Acos(t: Tensor) = Elementwise.acos t

    /// <summary>arctan tᵢ.</summary>
    static member Atan(t: Tensor) = Elementwise.atan t

    /// <summary>The angle of the point (xᵢ, yᵢ), from −π to π. Shapes broadcast.</summary>
    static member Atan2(y: Tensor, x: Tensor) = Elementwise.atan2 y x

    /// <summary>The largest whole number not above tᵢ; of derivative 0.</summary>
    static member Floor(t: Tensor) = Elementwise.floor t

    /// <summary>The smallest whole number not below tᵢ; of derivative 0.</summary>
    static member Ceiling(t: Tensor) = Elementwise.ceiling t

    /// <summary>The nearest whole number, the even one of two; of derivative 0.</summary>
    static member Round(t: Tensor) = Elementwise.round t
