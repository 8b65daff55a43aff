namespace Stackelberg.Cli;

/// <summary>The project that <c>stackelberg new app</c> makes.</summary>
internal static class AppTemplate
{
    public const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Stackelberg.CSharp" Version="VERSION" />
          </ItemGroup>
        </Project>

        """;

    public const string Program = """
        using Stackelberg;

        // Two firms choose quantities, and the first to choose leads. What each pays; the price is 100 - both quantities.
        var market = Game.TwoPlayer(
            "NAME",
            (q1, q2) => -(100 - q1 - q2 - 5) * q1,
            (q1, q2) => -(100 - q1 - q2 - 2) * q2
        );
        Run run = Learner.Stackelberg().WithSteps(1000).Run(market, [10, 10]);
        Console.WriteLine($"{run.Outcome} at {run.Final}");
        Console.WriteLine(market.Classify(run.Final.ToArray()));

        """;
}
