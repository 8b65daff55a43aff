// Long, because it is the one implicit function: its solve, its derivative and its batches read the same condition.
namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>How a root is found.</summary>
type RootSettings = {
    /// <summary>The search ends when ‖F(y)‖₂ ≤ Tolerance · max(1, ‖y₀‖₂) and the last step was below 1e-6 ‖y‖₂, after which
    /// the next is lost in rounding, or where rounding lets ‖F‖₂ fall no further.</summary>
    Tolerance: float
    /// <summary>At most this many Newton steps; 0 takes the start for the root.</summary>
    MaxSteps: int
    /// <summary>How F′(y) δ = F(y) and the derivatives' systems are solved; without a method it is chosen by the size.</summary>
    Solver: Solver
    /// <summary>Whether F is the gradient of a function whose least value is sought.</summary>
    IsMinimised: bool
}

/// A condition F(y; c) = 0 on y, as expressions of variables of its own. Equal ones are the same expression, solved in
/// the same way.
[<Sealed>]
type internal RootBody(settings: RootSettings, condition: LinearBody) =

    /// The least eigenvalue of a matrix that is raised becomes its opposite and so much of its size.
    let raisedBy = 1e-3

    /// F′(y) v.
    let slope (v: Tensor) : Tensor =
        match Forward.tangent [| condition.Argument |] [| v |] condition.Result with
        | null -> Expression.zeros condition.Result.DType condition.Result.Shape
        | found -> found

    let count = Shape.count condition.Argument.Shape
    let solver = LinearSolve.choose count settings.IsMinimised settings.Solver

    /// Where the matrix of few unknowns is not positive definite it is raised until it is, so that the correction leads down
    /// and not to a saddle; its sign is turned there, as it is of one unknown, which tells the search that it is uphill.
    let raised () =
        let F = Structure.reshape [| count |] condition.Result
        let v = Expression.variable (Trace()) F.DType condition.Argument.Shape
        let A = LinearSolve.matrix v (slope v)

        let least =
            fst (SymmetricEigen.eigen "Diff.argmin" A)
            |> Slice.slice 0 0 1
            |> Structure.reshape [||]

        let number = Elementwise.number least
        let isRaised = Elementwise.less least (number 0.0)
        let size = Elementwise.sqrt (Structure.sum [| 0; 1 |] (A * A))
        let raise = isRaised * (number raisedBy * size - number 2.0 * least)

        let one =
            Expression.dense
                DType.Float64
                [| count; count |]
                (Array.init (count * count) (fun k -> if k / count = k % count then 1.0 else 0.0))
                0
            |> Cast.cast F.DType

        let δ = Solve.solve (A + raise * one) F
        Structure.reshape condition.Argument.Shape ((number 1.0 - number 2.0 * isRaised) * δ)

    let correction =
        lazy
            (if
                 settings.IsMinimised
                 && count > 1
                 && count <= LinearSolve.writtenOut
                 && Object.ReferenceEquals(solver.Method, LinearMethod.Dense)
             then
                 raised ()
             else
                 LinearSolve.solve solver slope condition.Result)

    member _.Settings = settings
    member _.Argument = condition.Argument
    member _.Holes = condition.Holes
    member _.Result = condition.Result

    /// δ with F′(y) δ = F(y).
    member _.Correction: Tensor = correction.Value

    /// The solution of F′(y) w = b at a root y, or with the transpose.
    member _.Linear(isTransposed: bool, y: Tensor, given: Tensor[], b: Tensor) : Tensor =
        let at (t: Tensor) =
            (Substitution.many
                (Array.append [| condition.Argument |] condition.Holes)
                (Array.append [| y |] given)
                [| t |])[0]

        let apply (v: Tensor) =
            if isTransposed then
                match (Reverse.cotangents [| condition.Argument |] condition.Result v)[0] with
                | null -> Expression.zeros y.DType y.Shape
                | found -> at found
            else
                at (slope v)

        LinearSolve.solve solver apply b

    override _.Equals other =
        match other with
        | :? RootBody as other -> settings = other.Settings && condition.Equals other.Condition
        | _ -> false

    member _.Condition = condition
    override _.GetHashCode() = condition.GetHashCode()

/// The root of one condition, and of a batch of conditions that are solved one by one, each to its own end.
module internal RootOp =

    let private dense place shape dtype : Operand = {
        Type = dtype
        Extents = shape
        Place = place
        Strides = Shape.strides shape
    }

    /// Below this share of a point its corrections are rounding.
    let private rounding dtype =
        match dtype with
        | DType.Float32 -> 1e-5
        | _ -> 0.0

    let private step (body: RootBody) (emitter: Emitter) dtype start (holes: Operand[]) x report =
        let shape = body.Argument.Shape
        let n = Shape.count shape
        let work () = emitter.Work(dtype, n)
        let y, f, δ, rest = work (), work (), work (), work ()

        let steps (result: Tensor) target =
            emitter.Body(
                Array.append [| body.Argument |] body.Holes,
                Array.append [| dense y shape dtype |] holes,
                [| result |],
                [| target |]
            )

        Steps.Newton(
            dtype,
            n,
            steps body.Result f,
            (if body.Settings.MaxSteps = 0 then
                 [||]
             else
                 steps body.Correction δ),
            y,
            f,
            δ,
            start,
            x,
            rest,
            body.Settings.Tolerance,
            rounding dtype,
            body.Settings.MaxSteps,
            body.Settings.IsMinimised,
            report
        )

    let private programOf (op: Op) (args: Tensor[]) =
        Program.OfExpressions(args, Array.create args.Length false, [| Expression.apply op args |])

    let private at (body: RootBody) (y: Tensor) (given: Tensor[]) (t: Tensor) =
        (Substitution.many (Array.append [| body.Argument |] body.Holes) (Array.append [| y |] given) [| t |])[0]

    /// F_y dy = −F_c dc; null if nothing moves the condition.
    let private forwardOne (body: RootBody) (y: Tensor) (given: Tensor[]) (tangents: Tensor[]) : Tensor =
        let moving = [|
            for i in 0 .. given.Length - 1 do
                if not (isNull tangents[i]) then
                    i
        |]

        let moved =
            Forward.tangent
                (moving |> Array.map (fun i -> body.Holes[i]))
                (moving |> Array.map (fun i -> tangents[i]))
                body.Result

        match moved with
        | null -> null
        | moved -> body.Linear(false, y, given, -(at body y given moved))

    /// w = F_y⁻ᵀ C, and of the values asked for −∂/∂c ⟨w, F(y; c)⟩.
    let private reverseOne
        (body: RootBody)
        (y: Tensor)
        (given: Tensor[])
        (ct: Tensor)
        (asked: int[])
        : Tensor[] =
        let w = body.Linear(true, y, given, ct)

        Reverse.cotangents (asked |> Array.map (fun i -> body.Holes[i])) body.Result w
        |> Array.map (fun found -> if isNull found then null else -(at body y given found))

    let private asked (wanted: bool[]) = [|
        for i in 1 .. wanted.Length - 1 do
            if wanted[i] then
                i - 1
    |]

    let private spread (args: Tensor[]) (asked: int[]) (found: Tensor[]) =
        let results = Array.create<Tensor> args.Length null
        Array.iter2 (fun i t -> results[i + 1] <- t) asked found
        results

    // Arguments: the start, whose derivative is 0, and the values behind the holes.
    let rec ofBody (body: RootBody) : Op =
        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let report = emitter.Report()
            step body emitter target.Type operands[0].Place operands[1..] target.Place report

        let program =
            lazy
                (let start =
                    Expression.variable body.Argument.Trace body.Argument.DType body.Argument.Shape

                 programOf (ofBody body) (Array.append [| start |] body.Holes))

        let forward _ (args: Tensor[]) y (tangents: Tensor[]) : Tensor =
            match forwardOne body y args[1..] tangents[1..] with
            | null -> Expression.zeros args[0].DType args[0].Shape
            | found -> found

        let reverse _ (args: Tensor[]) y ct (wanted: bool[]) : Tensor[] =
            let asked = asked wanted
            reverseOne body y args[1..] ct asked |> spread args asked

        let batch (args: Tensor[]) =
            let shared = args[1..] |> Array.map Batched.shared

            let values =
                Array.map2 (fun shared given -> if isNull shared then given else shared) shared args[1..]

            Expression.apply
                (ofBatch body args[0].Shape[0] (shared |> Array.map (isNull >> not)))
                (Array.append args[..0] values)

        {
            Name = "root"
            Attributes = [||]
            Template = body
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[0].DType, args[0].Shape)
            Simplify = fun _ -> null
            Kernel = Nested((fun args -> (program.Value.Call args)[0]), emit, (fun _ -> Seq.empty))
            Batch = fun _ args -> batch args
        }

    /// As many roots: the start with one more axis at the front, and of the values behind the holes those that are not
    /// shared.
    and ofBatch (body: RootBody) extent (isShared: bool[]) : Op =
        let trace = body.Argument.Trace
        let shape, n = body.Argument.Shape, Shape.count body.Argument.Shape
        let holes = body.Holes
        let withAxis (t: Tensor) = Array.append [| extent |] t.Shape

        let varied = [| 0 .. holes.Length - 1 |] |> Array.filter (fun i -> not isShared[i])

        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let dtype = target.Type

            let slot entries count =
                BatchSlot(emitter.Work(dtype, count), entries, count)

            let start, x = slot operands[0].Place n, slot target.Place n
            let given = Array.sub operands 1 holes.Length

            let slots =
                varied |> Array.map (fun i -> slot given[i].Place (Shape.count holes[i].Shape))

            varied
            |> Array.iteri (fun k i -> given[i] <- dense slots[k].One holes[i].Shape dtype)

            let reports = Array.init extent (fun _ -> emitter.Report())
            let search = step body emitter dtype start.One given x.One (Array.last reports)
            Steps.Repeated(dtype, extent, [| search |], Array.append [| start |] slots, [| x |], reports[0])

        let program =
            lazy
                (let batched (t: Tensor) =
                    Expression.variable trace t.DType (withAxis t)

                 let args =
                     holes |> Array.mapi (fun i hole -> if isShared[i] then hole else batched hole)

                 programOf (ofBatch body extent isShared) (Array.append [| batched body.Argument |] args))

        /// One entry's variables for the root and what varies, and the values behind the holes with these in their place.
        let entry (args: Tensor[]) =
            let variable (t: Tensor) =
                Expression.variable t.Trace t.DType t.Shape[1..]

            let symbolic (t: Tensor) =
                if t.IsSymbolic then
                    variable t
                else
                    Expression.variable trace t.DType t.Shape[1..]

            let given =
                Array.init holes.Length (fun i -> if isShared[i] then args[i + 1] else symbolic args[i + 1])

            given

        let forward _ (args: Tensor[]) (y: Tensor) (tangents: Tensor[]) : Tensor =
            let given = entry args
            let own = Expression.variable y.Trace y.DType shape

            let along =
                Array.init holes.Length (fun i ->
                    match tangents[i + 1] with
                    | null -> null
                    | tangent when isShared[i] -> tangent
                    | tangent -> Expression.variable y.Trace tangent.DType tangent.Shape[1..])

            match forwardOne body own given along with
            | null -> Expression.zeros args[0].DType args[0].Shape
            | found ->
                let moving = varied |> Array.filter (fun i -> not (isNull along[i]))

                let pick (from: int -> Tensor) (which: int[]) = which |> Array.map from

                (Batching.many
                    (Array.concat [
                        [| own |]
                        pick (fun i -> given[i]) varied
                        pick (fun i -> along[i]) moving
                    ])
                    (Array.concat [
                        [| y |]
                        pick (fun i -> args[i + 1]) varied
                        pick (fun i -> tangents[i + 1]) moving
                    ])
                    extent
                    [| found |])[0]

        let reverse _ (args: Tensor[]) (y: Tensor) (ct: Tensor) (wanted: bool[]) : Tensor[] =
            let given, asked = entry args, asked wanted

            let own, one =
                Expression.variable y.Trace y.DType shape, Expression.variable y.Trace y.DType shape

            let found = reverseOne body own given one asked

            let known =
                found
                |> Array.map (fun t -> if isNull t then Expression.zeros y.DType [||] else t)

            let all =
                Batching.many
                    (Array.concat [ [| own; one |]; varied |> Array.map (fun i -> given[i]) ])
                    (Array.concat [ [| y; ct |]; varied |> Array.map (fun i -> args[i + 1]) ])
                    extent
                    known

            Array.map2
                (fun (t: Tensor) (i, one: Tensor) ->
                    if isNull one then null
                    elif isShared[i] then Structure.sum [| 0 |] t
                    else t)
                all
                (Array.zip asked found)
            |> spread args asked

        let batch (args: Tensor[]) =
            let outer = args[0].Shape[0]

            let merged (t: Tensor) =
                Structure.reshape (Array.append [| outer * extent |] t.Shape[2..]) t

            let shared =
                Array.init holes.Length (fun i -> if isShared[i] then Batched.shared args[i + 1] else null)

            /// One for each outer entry, the same for all inner ones.
            let repeated (t: Tensor) =
                Structure.reshape (Array.concat [ t.Shape[..0]; [| 1 |]; t.Shape[1..] ]) t
                |> Structure.broadcastTo (Array.concat [ t.Shape[..0]; [| extent |]; t.Shape[1..] ])

            let values =
                Array.init holes.Length (fun i ->
                    if not (isNull shared[i]) then shared[i]
                    elif isShared[i] then merged (repeated args[i + 1])
                    else merged args[i + 1])

            Expression.apply
                (ofBatch body (outer * extent) (shared |> Array.map (isNull >> not)))
                (Array.append [| merged args[0] |] values)
            |> Structure.reshape args[0].Shape

        {
            Name = "roots"
            Attributes = Array.append [| extent |] (isShared |> Array.map Convert.ToInt32)
            Template = body
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[0].DType, args[0].Shape)
            Simplify = fun _ -> null
            Kernel = Nested((fun args -> (program.Value.Call args)[0]), emit, (fun _ -> Seq.empty))
            Batch = fun _ args -> batch args
        }

/// <summary>Roots of equations, as differentiable functions of what the equations hold.</summary>
[<RequireQualifiedAccess>]
module Root =

    /// <summary>At most 50 Newton steps to ‖F‖₂ ≤ 1e-12 · max(1, ‖y₀‖₂), the linear systems by what suits their size.</summary>
    let settings: RootSettings = {
        Tolerance = 1e-12
        MaxSteps = 50
        Solver = {
            Method = null
            Tolerance = 1e-12
            MaxIterations = 1000
            WarmStart = false
        }
        IsMinimised = false
    }

    /// A start of numbers must be finite.
    let internal need (func: string) (start: Tensor) =
        if not start.IsSymbolic && start.ToArray() |> Array.exists (Double.IsFinite >> not) then
            Shape.wrong func "the start is not finite; begin at a point where the condition has a value."

    /// From a start that is not finite the root is NaN.
    let internal find
        (func: string)
        (settings: RootSettings)
        (condition: Tensor -> Tensor)
        (start: Tensor)
        : Tensor =
        if not (settings.Tolerance >= 0.0 && Double.IsFinite settings.Tolerance) then
            Shape.wrong
                func
                (invariant $"Tolerance is {settings.Tolerance}, but a finite number of at least 0 is needed.")

        if settings.MaxSteps < 0 then
            Shape.wrong func (invariant $"MaxSteps is {settings.MaxSteps}, but at least 0 is needed.")

        let argument = Expression.variable (Trace()) start.DType start.Shape
        let result = condition argument

        if not (Shape.same result.Shape start.Shape) then
            Shape.wrong
                func
                (invariant
                    $"the condition has shape {Shape.show result.Shape}, but {Shape.show start.Shape} is needed: one equation for each unknown.")

        if result.DType <> start.DType then
            Shape.wrong
                func
                (invariant
                    $"the condition is {result.DType}, but {start.DType} is needed, the start's type; convert it with Tensor.cast.")

        let struct (body, captured) = LinearSolve.cut settings.Solver argument result
        Expression.apply (RootOp.ofBody (RootBody(settings, body))) (Array.append [| start |] captured)
