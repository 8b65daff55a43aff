namespace Stackelberg

open Stackelberg.Kernels

/// A direction at many points at once, one program for so many.
[<Sealed>]
type internal EnsembleField private (game: Game, direction: Direction, width: int) =

    /// As in FieldProgram.
    let mutable everywhere = infinity

    let program =
        lazy
            (let inputs =
                game.Players
                |> Array.map (fun player -> DType.Float64, Array.append [| width |] player.Shape)

             Program.compile inputs (Array.map (fun _ -> false) inputs) (fun points ->
                 let entry =
                     points
                     |> Array.map (fun batch -> Expression.variable batch.Trace batch.DType batch.Shape[1..])

                 let parts = direction.Parts game entry [||]

                 let least =
                     if direction.RaisedBy.IsSome then
                         FollowerCurvature.least game entry parts
                     else
                         ValueNone

                 match least with
                 | ValueSome least when least.IsSymbolic ->
                     Batching.many entry points width (Array.append parts [| least |])
                 | ValueSome least ->
                     everywhere <- least.ToDouble()
                     Batching.many entry points width parts
                 | ValueNone -> Batching.many entry points width parts))

    let curvature =
        lazy
            (let program: Program = program.Value
             program.OutputCount > game.Players.Length)

    member _.Game = game
    member _.Direction = direction
    member _.Width = width

    /// For each player the strategies at all points, shape [width; shape]; gives the direction's parts alike.
    member _.Program: Program = program.Value

    /// Whether the least curvature of the followers at each point, shape [width], comes last.
    member _.GivesCurvature: bool = curvature.Value

    /// The least curvature of the followers where it does not depend on the point, else +∞. Known with Program.
    member _.LeastCurvatureEverywhere = everywhere

    static member Of (direction: Direction) (width: int) (game: Game) : EnsembleField =
        game.Once (direction, width) (fun () -> EnsembleField(game, direction, width))
