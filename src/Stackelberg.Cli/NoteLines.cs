using Spectre.Console;
using Spectre.Console.Rendering;

namespace Stackelberg.Cli;

/// <summary>Text that is written while bars stand: each line clears what the bars have left of it.</summary>
/// <param name="text">Plain text.</param>
internal sealed class NoteLines(string text) : Renderable
{
    private const string toTheEndOfTheLine = "\u001b[K";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        IRenderable words = new Text(text);
        foreach (var line in Segment.SplitLines(words.Render(options, maxWidth)))
        {
            foreach (var segment in line)
            {
                yield return segment;
            }

            if (options.Ansi)
            {
                yield return Segment.Control(toTheEndOfTheLine);
            }

            yield return Segment.LineBreak;
        }
    }
}
