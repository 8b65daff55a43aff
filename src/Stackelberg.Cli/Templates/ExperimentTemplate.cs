namespace Stackelberg.Cli;

/// <summary>The script that <c>stackelberg new experiment</c> makes.</summary>
internal static class ExperimentTemplate
{
    public const string Text = """
        // NAME: what a firm gains by leading, and how two rules of learning get there.
        //     stackelberg run NAME.fsx rate=0.2        runs, checks, draws and saves it
        //     stackelberg sweep NAME.fsx noise=1 seed=1..5
        #r "nuget: Stackelberg.Experiments"

        open Stackelberg

        let leading = Player.scalar "leading firm"
        let following = Player.scalar "following firm"

        let market (demand: float) =
            game "market" {
                leader leading (fun q -> -(demand - q[leading] - q[following] - 5.0) * q[leading])
                follower following (fun q -> -(demand - q[leading] - q[following] - 2.0) * q[following])
            }

        let mine =
            experiment "NAME" {
                title "What a firm gains by leading"
                source "closed form"
                setting "demand" 100.0 (SettingType.Above 7.0) "the price of nothing"
                setting "rate" 0.1 (SettingType.Above 0.0) "both firms' learning rate"
                setting "steps" 500 "steps of each run"
                setting "noise" 0.0 (SettingType.AtLeast 0.0) "standard deviation of the gradients' noise"
                gameOf (fun s -> market (s.Double "demand"))
                rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
                start [ 10.0; 10.0 ]

                learn (fun s -> {
                    Learn.settings with
                        Steps = s.Int "steps"
                        Rates = [ Rate.constant (s.Double "rate") ]
                        Noise = Noise.gaussian (s.Double "noise")
                })

                draw [ Picture.strategies; Picture.costs; Picture.phasePlane ]
                check "stackelberg/final/1" 46.0 1e-6 "closed form: (demand + 2 - 2 * 5) / 2"
                check "stackelberg/final/2" 26.0 1e-6 "closed form: the answer to 46"
                check "simultaneous/final/1" (92.0 / 3.0) 1e-6 "closed form: Cournot's quantity"
            }

        """;
}
