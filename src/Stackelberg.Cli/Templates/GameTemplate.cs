namespace Stackelberg.Cli;

/// <summary>The script that <c>stackelberg new game</c> makes.</summary>
internal static class GameTemplate
{
    public const string Text = """
        // NAME: two firms choose quantities, and the first to choose leads.
        //     stackelberg analyze NAME.fsx     what kind of points it has
        //     stackelberg compare NAME.fsx     which rules come to which
        //     dotnet fsi NAME.fsx              runs this script alone
        #r "nuget: Stackelberg.Dsl"

        open Stackelberg

        let leading = Player.scalar "leading firm"
        let following = Player.scalar "following firm"

        // What each player pays; a strategy is a tensor, here of one entry. The price is 100 - both quantities.
        let market =
            game "NAME" {
                leader leading (fun q -> -(100.0 - q[leading] - q[following] - 5.0) * q[leading])
                follower following (fun q -> -(100.0 - q[leading] - q[following] - 2.0) * q[following])
            }

        // Where runs begin, at which rate, and the points that are known, if any; compare needs the start alone.
        let known =
            market
            |> Known.game "closed form" [ 10.0; 10.0 ] 0.1 [
                Known.point [ 46.0; 26.0 ] [ Trait.DifferentialStackelberg ]
            ]

        printfn $"{Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 10.0; 10.0 ]) market}"

        """;
}
