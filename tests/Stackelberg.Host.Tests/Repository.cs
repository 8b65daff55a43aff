namespace Stackelberg.Tests;

/// <summary>Files of the repository that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string File(string path) => Path.Combine(Root, path);

    private static string Find(DirectoryInfo? folder)
    {
        while (
            folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Stackelberg.Dsl.sln"))
        )
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException("No folder above the tests holds Stackelberg.Dsl.sln.");
    }
}
