using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>Keeps compiled scripts in the user's cache folder, told apart by what they and all that they load hold.</summary>
/// <remarks>
/// The folder is that of the environment variable <c>STACKELBERG_CACHE</c>, or else <c>stackelberg</c> in the one that the system
/// has for caches. For each script it holds a list of files with their sums, and a program; both are written under another
/// name and then renamed, so that processes that compile the same script at once do not meet. Deleting the folder loses
/// nothing but the time to compile again.
/// </remarks>
internal static class ScriptCache
{
    /// <summary>The environment variable that names the cache folder.</summary>
    public const string Variable = "STACKELBERG_CACHE";

    // A script that nobody has run for so long is compiled again when it is needed.
    private static readonly TimeSpan kept = TimeSpan.FromDays(60);

    /// <summary>The folder of compiled scripts.</summary>
    public static string Folder =>
        Path.Combine(
            Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? chosen : SystemCache(),
            "scripts"
        );

    /// <summary>The program of a script: the one that is kept, or else one that is compiled now.</summary>
    /// <param name="path">The script, as the caller wrote it.</param>
    /// <exception cref="GameScriptException">It does not compile.</exception>
    public static CompiledScript Get(string path)
    {
        var full = Path.GetFullPath(path);
        var list = Path.Combine(Folder, Digits(Hash(full)) + ".json");
        if (Entry.Read(list) is { } entry && entry.IsValid())
        {
            Touch(list);
            return new(entry.Program, entry.References, entry.Fingerprint);
        }

        return Compile(path, full, list);
    }

    private static CompiledScript Compile(string path, string full, string list)
    {
        var parts = ScriptCompiler.Parts(full, Text(path, full));
        var sources = parts.Sources.ToDictionary(source => source, FileHash);
        var fingerprint = Digits(
            Hash(string.Join('\n', sources.Select(pair => $"{Path.GetFileName(pair.Key)} {pair.Value}")))
        );
        var name = $"{Path.GetFileNameWithoutExtension(list)}-{Digits(Hash(fingerprint + Surrounding))}";
        var program = Path.Combine(MakeFolder(), $"script-{name}.dll");
        // An assembly has its file's name, so that what is compiled under another name lies in a folder of its own.
        var draft = Directory.CreateTempSubdirectory("stackelberg-script-");
        try
        {
            var compiled = Path.Combine(draft.FullName, Path.GetFileName(program));
            ScriptCompiler.Compile(path, parts, compiled);
            var entry = new Entry(program, fingerprint, Surrounding, sources, parts.Further());
            Place(program, File.ReadAllBytes(compiled));
            Place(list, JsonSerializer.SerializeToUtf8Bytes(entry));
            Prune();
            return new(program, entry.References, fingerprint);
        }
        finally
        {
            draft.Delete(recursive: true);
        }
    }

    /// <summary>What a program depends on besides its sources: the assemblies of this process and the runtime.</summary>
    private static string Surrounding { get; } =
        Digits(
            Hash(
                string.Join(
                    '\n',
                    [
                        RuntimeInformation.FrameworkDescription,
                        .. ScriptCompiler
                            .Own.Append(typeof(ScriptCache).Assembly)
                            .Select(assembly =>
                                $"{assembly.Location} {assembly.ManifestModule.ModuleVersionId}"
                            ),
                    ]
                )
            )
        );

    private static string Text(string path, string full)
    {
        try
        {
            return File.ReadAllText(full);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new GameScriptException(path, null, ScriptFault.OneLine(fault.Message), fault);
        }
    }

    private static string SystemCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
                "stackelberg"
            );
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var caches =
            OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen ? chosen
            : Path.Combine(home, ".cache");
        return Path.Combine(caches, "stackelberg");
    }

    /// <summary>The folder, or where it cannot be written one of this process alone.</summary>
    private static string MakeFolder()
    {
        try
        {
            return Directory.CreateDirectory(Folder).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateTempSubdirectory("stackelberg-scripts-").FullName;
        }
    }

    private static void Place(string path, byte[] content)
    {
        try
        {
            AtomicFile.Write(path, stream => stream.Write(content));
        }
        catch (IOException) when (File.Exists(path) || !path.EndsWith(".dll", StringComparison.Ordinal))
        {
            // Another process may hold a program of the same content; a list that is not written costs the next run a
            // compilation.
        }
    }

    private static void Touch(string list)
    {
        try
        {
            File.SetLastWriteTimeUtc(list, DateTime.UtcNow);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder may be shared and read-only: what it holds is used all the same.
        }
    }

    // Programs that no list names any more, and scripts that nobody has run for long.
    private static void Prune()
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in Directory.EnumerateFiles(Folder, "*.json"))
        {
            if (File.GetLastWriteTimeUtc(list) < DateTime.UtcNow - kept)
            {
                Remove(list);
            }
            else if (Entry.Read(list) is { } entry)
            {
                named.Add(entry.Program);
            }
        }

        foreach (var program in Directory.EnumerateFiles(Folder, "*.dll"))
        {
            // A younger one may belong to a process that has not written its list yet.
            if (!named.Contains(program) && File.GetLastWriteTimeUtc(program) < DateTime.UtcNow.AddHours(-1))
            {
                Remove(program);
            }
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A process that runs it holds it: the next one removes it.
        }
    }

    private static string FileHash(string path) => Digits(SHA256.HashData(File.ReadAllBytes(path)));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Digits(byte[] hash) => Convert.ToHexStringLower(hash)[..16];

    /// <summary>What the folder knows of one script.</summary>
    private sealed record Entry(
        string Program,
        string Fingerprint,
        string Surrounding,
        Dictionary<string, string> Sources,
        string[] References
    )
    {
        public static Entry? Read(string list)
        {
            try
            {
                return JsonSerializer.Deserialize<Entry>(File.ReadAllText(list));
            }
            catch (Exception fault)
                when (fault is IOException or UnauthorizedAccessException or JsonException)
            {
                return null;
            }
        }

        public bool IsValid() =>
            Surrounding == ScriptCache.Surrounding
            && File.Exists(Program)
            && Array.TrueForAll(References, File.Exists)
            && Sources.All(pair => File.Exists(pair.Key) && FileHash(pair.Key) == pair.Value);
    }
}
