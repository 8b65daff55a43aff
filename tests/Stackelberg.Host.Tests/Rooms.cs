using System.Reflection;
using Stackelberg.Figures;
using Stackelberg.Files;
using Stackelberg.Networks;

namespace Stackelberg.Tests;

/// <summary>The assemblies that are written in C#, from the lowest.</summary>
internal static class Rooms
{
    public static Assembly[] All { get; } =
    [
        typeof(CsvTable).Assembly,
        typeof(Figure).Assembly,
        typeof(Learner).Assembly,
        typeof(Network).Assembly,
        typeof(Experiment).Assembly,
    ];

    /// <summary>What they show.</summary>
    public static IEnumerable<Type> Types => All.SelectMany(assembly => assembly.GetExportedTypes());
}
