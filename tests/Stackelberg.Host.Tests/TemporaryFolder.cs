namespace Stackelberg.Tests;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("stackelberg-").FullName;

    public string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        // A worker that outlives its sweep may be writing still; it ends by itself.
        for (var left = 100; Directory.Exists(Path); left--)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (left > 0)
            {
                Thread.Sleep(50);
            }
        }
    }
}
