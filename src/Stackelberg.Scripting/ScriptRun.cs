using System.Reflection;
using System.Runtime.Loader;
using FSharp.Compiler.Interactive;

namespace Stackelberg;

/// <summary>A value that a script binds to a name outside of all modules and functions.</summary>
internal sealed record TopLevelValue<T>(string Name, T Value);

/// <summary>Runs of scripts in this process.</summary>
internal static class ScriptRun
{
    // The console belongs to the process, so that scripts that are to be silent run one after the other.
    private static readonly Lock console = new();

    /// <summary>Runs a script, and returns the values of one type that it defines, in its order.</summary>
    public static TopLevelValue<T>[] TopLevelValues<T>(string path) => Run<T>(path).Values;

    /// <summary>The same, with the program that ran.</summary>
    public static (TopLevelValue<T>[] Values, CompiledScript Script) Run<T>(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new GameScriptException(path, null, "There is no such file.");
        }

        var (assembly, script) = Run(path);
        return (
            [
                .. Properties(assembly, path)
                    .Where(property => IsOf<T>(property, path))
                    .Select(property => new TopLevelValue<T>(property.Name, Value<T>(property, path))),
            ],
            script
        );
    }

    private static T Value<T>(PropertyInfo property, string path) =>
        property.GetValue(null) is T value
            ? value
            : throw new GameScriptException(
                path,
                null,
                $"{property.Name} is null, which is no {typeof(T).Name}; bind it to one, or leave it out."
            );

    /// <summary>Runs a script from its first line to its last, each time anew.</summary>
    private static (Assembly Assembly, CompiledScript Script) Run(string path)
    {
        lock (console)
        {
            var script = ScriptCache.Get(path);
            var (output, error) = (Console.Out, Console.Error);
            Console.SetOut(TextWriter.Null);
            Console.SetError(TextWriter.Null);
            try
            {
                Shell.Settings.fsi.CommandLineArgs = [path];
                var assembly = new ScriptContext(script).LoadFromAssemblyPath(script.Assembly);
                var main = assembly.EntryPoint!;
                main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
                return (assembly, script);
            }
            catch (Exception fault) when (fault is not GameScriptException)
            {
                throw ScriptFault.Of(path, fault);
            }
            finally
            {
                Console.SetOut(output);
                Console.SetError(error);
            }
        }
    }

    /// <summary>The script's values in the order of their lines. The script and what it loads are one assembly with a
    /// module for each file, named after it unless the file says otherwise.</summary>
    private static IEnumerable<PropertyInfo> Properties(Assembly assembly, string path)
    {
        Type[] modules =
        [
            .. assembly
                .GetTypes()
                .Where(type => !type.IsNested && type.IsPublic && type.IsAbstract && type.IsSealed),
        ];
        var file = Path.GetFileNameWithoutExtension(path);
        var own = modules
            .Where(module => module.Name.Equals(file, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return (own.Length > 0 ? own : modules)
            .SelectMany(module => module.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .OrderBy(property => property.MetadataToken);
    }

    private static bool IsOf<T>(PropertyInfo property, string path) =>
        property.PropertyType == typeof(T)
        || (
            property.PropertyType.FullName == typeof(T).FullName
                ? throw new GameScriptException(
                    path,
                    null,
                    $"{property.Name} is a {typeof(T).Name} of {property.PropertyType.Assembly.Location}, but this process "
                        + $"uses {typeof(T).Assembly.Location}; load both from one place."
                )
                : false
        );
}

/// <summary>Loads a program beside the assemblies of this process, which it shares, and the others that it names.</summary>
file sealed class ScriptContext : AssemblyLoadContext
{
    public ScriptContext(CompiledScript script)
        : base(script.Assembly) =>
        Resolving += (context, name) =>
            script.References.FirstOrDefault(path =>
                Path.GetFileNameWithoutExtension(path).Equals(name.Name, StringComparison.OrdinalIgnoreCase)
            )
                is { } found
                ? context.LoadFromAssemblyPath(found)
                : null;
}
