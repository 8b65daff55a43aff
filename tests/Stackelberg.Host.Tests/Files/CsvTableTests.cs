using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class CsvTableTests
{
    [Fact]
    public void Numbers_are_written_so_that_every_reader_knows_them()
    {
        var table = new CsvTable("run", "step", "x", "note");
        table.Add("a,b", 3L, 0.1, "say \"no\"");
        table.Add("c", 4L, double.NaN, null);
        table.Add("c", 5L, double.NegativeInfinity, "two\nlines");
        Assert.Equal(
            "run,step,x,note\n\"a,b\",3,0.1,\"say \"\"no\"\"\"\nc,4,nan,\nc,5,-inf,\"two\nlines\"\n",
            table.ToString()
        );
    }

    [Fact]
    public void Text_that_a_spreadsheet_would_run_is_guarded_and_comes_back()
    {
        string[] texts =
        [
            "=HYPERLINK(\"http://x\")",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "'=1",
            "''=1",
            "'x",
            "-1.5",
            "+2",
            "-inf",
            "a=b",
            "-",
            "",
        ];
        var table = new CsvTable("=a", "note");
        Array.ForEach(texts, text => table.Add(text, -0.5));
        var written = table.ToString();
        Assert.DoesNotContain(
            written.Split('\n'),
            line => line is ['=' or '@' or '\t', ..] || line.StartsWith("+1+", StringComparison.Ordinal)
        );
        Assert.Contains("\n'-2+3,-0.5\n", written, StringComparison.Ordinal);
        Assert.Contains("\n-1.5,-0.5\n+2,-0.5\n-inf,-0.5\na=b,-0.5\n", written, StringComparison.Ordinal);
        var read = CsvTable.Parse(written);
        Assert.Equal(["=a", "note"], read.Columns);
        Assert.Equal(texts, read.Rows.Select(row => row[0]));
    }

    [Fact]
    public void Every_double_comes_back_with_the_same_bits() =>
        Prop.ForAll<double>(value =>
            {
                var table = new CsvTable("x");
                table.Add(value);
                var back = CsvTable.Parse(table.ToString()).Numbers("x")[0];
                return value.Equals(back) && double.IsNegative(value) == double.IsNegative(back);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_text_comes_back() =>
        Prop.ForAll<NonNull<string>>(text =>
            {
                // Carriage returns and byte order marks outside quotes belong to the line end and the file.
                var table = new CsvTable("a", "b");
                var word = text.Get.Replace("\uFEFF", "", StringComparison.Ordinal);
                table.Add(word, "end");
                return CsvTable.Parse(table.ToString()).Rows[0][0] == word;
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_file_with_windows_line_ends_and_blank_lines_is_read()
    {
        var table = CsvTable.Parse("\uFEFFa,b\r\n1,\"x\ny\"\r\n\r\n2,z\r\n");
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal(["1", "x\ny"], table.Rows[0]);
        Assert.Equal([1.0, 2.0], table.Numbers("a"));
    }

    [Theory]
    [InlineData("", "t is empty; a first line with the column names is needed.")]
    [InlineData("a,b\n1\n", "t, line 2: the row has 1 cells, but there are 2 columns.")]
    [InlineData("a\n\"1\n2\n", "t, line 2: a quotation mark is never closed.")]
    public void A_broken_file_is_named_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => CsvTable.Parse(text, "t")).Message);

    [Fact]
    public void A_cell_that_is_no_number_is_shown()
    {
        var table = CsvTable.Parse("a\nx1\n");
        var fault = Assert.Throws<InvalidDataException>(() => table.Numbers("a"));
        Assert.Equal("Column \"a\" holds \"x1\", which is no number.", fault.Message);
    }
}
