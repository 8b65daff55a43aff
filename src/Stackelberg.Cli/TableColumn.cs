namespace Stackelberg.Cli;

/// <summary>A column of a table.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Rank">Where the table is too wide, columns of a higher rank are left out first; those of rank 0 never
/// are.</param>
/// <param name="Wraps">Whether its cells are sentences, which may go over several lines.</param>
internal sealed record TableColumn(string Title, int Rank = 0, bool Wraps = false)
{
    /// <summary>A column that is always there and never wrapped.</summary>
    public static implicit operator TableColumn(string title) => new(title);
}
