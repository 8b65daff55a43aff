namespace Stackelberg

open Stackelberg.Kernels

/// A direction at many points at once, one program for so many.
[<Sealed>]
type internal EnsembleField private (game: Game, direction: Direction, width: int) =

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
                 Batching.many entry points width parts))

    member _.Game = game
    member _.Direction = direction
    member _.Width = width

    /// For each player the strategies at all points, shape [width; shape]; gives the direction's parts alike.
    member _.Program: Program = program.Value

    static member Of (direction: Direction) (width: int) (game: Game) : EnsembleField =
        game.Once (direction, width) (fun () -> EnsembleField(game, direction, width))
