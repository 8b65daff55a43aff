using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class SafetensorsTests
{
    private static readonly double[] doubles = [1.5, double.NaN, -0.0, 1e-310, double.NegativeInfinity, 7];
    private static readonly float[] singles = [0.1f, float.MaxValue];
    private static readonly long[] signed = [long.MinValue, -1];
    private static readonly ulong[] unsigned = [ulong.MaxValue];
    private static readonly byte[] bytes = [0, 255, 7];

    [Fact]
    public void What_is_written_is_what_the_format_says()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.safetensors"));
        var file = File.ReadAllBytes(folder.Of("a.safetensors"));

        // Read by the letter of the format, not by the library.
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal((byte)'{', file[8]);
        var header = JsonNode.Parse(Encoding.UTF8.GetString(file, 8, length))!.AsObject();
        Assert.Equal("12", (string?)header["__metadata__"]!["step"]);
        var data = file.AsSpan(8 + length).ToArray();
        byte[] Of(string name, string dtype, params int[] shape)
        {
            var entry = header[name]!;
            Assert.Equal(dtype, (string?)entry["dtype"]);
            Assert.Equal(shape, entry["shape"]!.AsArray().Select(n => (int)n!));
            return data[(int)entry["data_offsets"]![0]!..(int)entry["data_offsets"]![1]!];
        }

        Assert.Equal(doubles.SelectMany(BitConverter.GetBytes), Of("player/x", "F64", 2, 3));
        Assert.Equal(singles.SelectMany(BitConverter.GetBytes), Of("f", "F32", 2));
        Assert.Equal(signed.SelectMany(BitConverter.GetBytes), Of("i", "I64", 1, 2, 1));
        Assert.Equal(unsigned.SelectMany(BitConverter.GetBytes), Of("ü \"u\"", "U64", 1));
        Assert.Equal(bytes, Of("b", "U8", 3));
        Assert.Empty(Of("none", "F64", 0, 4));
        Assert.Equal(48 + 8 + 16 + 8 + 3, data.Length);
    }

    [Fact]
    public void One_changed_bit_anywhere_is_noticed_in_the_name_of_the_checksum_too()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.safetensors"));
        var whole = File.ReadAllBytes(folder.Of("a.safetensors"));
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(folder.Of("b.safetensors"), changed);
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder.Of("b.safetensors")));
        }
    }

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.safetensors"));
        var read = Safetensors.Read(folder.Of("a.safetensors"));
        Assert.True(read.IsVerified);
        Assert.Equal("12", Assert.Single(read.Metadata).Value);
        Assert.Equal([2, 3], read["player/x"].Shape);
        Assert.Equal(
            doubles.Select(BitConverter.DoubleToInt64Bits),
            read["player/x"].F64.Select(BitConverter.DoubleToInt64Bits)
        );
        Assert.Equal(singles, read["f"].F32);
        Assert.Equal(signed, read["i"].I64);
        Assert.Equal(unsigned, read["ü \"u\""].U64);
        Assert.Equal(bytes, read["b"].U8);
        Assert.Empty(read["none"].F64);
        Assert.Throws<InvalidOperationException>(() => read["f"].F64);
        var missing = Assert.Throws<InvalidDataException>(() => read["player/y"]);
        Assert.Contains("Did you mean \"player/x\"?", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_writer_is_read_without_a_checksum()
    {
        using var folder = new TemporaryFolder();
        // Arrays in another order than their values, no metadata, no filling.
        var header =
            """{"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}""";
        var path = Raw(folder, header, [.. BitConverter.GetBytes(2.5), 3, 4]);
        var read = Safetensors.Read(path);
        Assert.False(read.IsVerified);
        Assert.Equal([2.5], read["a"].F64);
        Assert.Equal([3, 4], read["b"].U8);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.safetensors"));
        var file = File.ReadAllBytes(folder.Of("a.safetensors"));
        for (var length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(folder.Of("cut"), file[..length]);
            var fault = Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder.Of("cut")));
            Assert.Contains("cut short", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_change_of_any_bit_is_noticed()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.safetensors"));
        var file = File.ReadAllBytes(folder.Of("a.safetensors"));
        var headerEnd = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        for (var i = 0; i < 8 * file.Length; i += 5)
        {
            if (i / 8 < headerEnd && file[i / 8] == (byte)' ')
            {
                // Filling of the header: a tab instead of a space is the same JSON.
                continue;
            }

            var changed = (byte[])file.Clone();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(folder.Of("changed"), changed);
            SafetensorsFile? read = null;
            var fault = Record.Exception(() => read = Safetensors.Read(folder.Of("changed")));
            // A bit in the word "sha256" or "__metadata__" makes a file without a checksum: it reads as foreign.
            Assert.True(fault is InvalidDataException || read is { IsVerified: false }, $"bit {i}: {fault}");
        }
    }

    [Theory]
    [InlineData("[1, 2]", "cannot be read")]
    [InlineData("{\"a\":{\"dtype\":\"F64\",\"shape\":[1]}}", "cannot be read")]
    [InlineData("{\"a\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}}", "holds BF16")]
    [InlineData("{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}", "needs 16 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F64\",\"shape\":[-1],\"data_offsets\":[8,0]}}", "needs -8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F64\",\"shape\":[1e99],\"data_offsets\":[0,8]}}", "cannot be read")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[7],\"data_offsets\":[1,8]}}", "without gaps")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "without gaps"
    )]
    [InlineData("{}", "bytes after its last array")]
    [InlineData("GIF89a", "cannot be read")]
    public void Foreign_files_are_refused_in_words(string header, string words)
    {
        using var folder = new TemporaryFolder();
        var path = Raw(folder, header, new byte[8]);
        var fault = Assert.Throws<InvalidDataException>(() => Safetensors.Read(path));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_is_no_safetensors_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("a.png"), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]);
        var fault = Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder.Of("a.png")));
        Assert.Contains("is no safetensors file", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_names_and_shapes_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("a.safetensors");
        var one = SafetensorsArray.Of(bytes);
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [new("a", one), new("a", one)]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [new("__metadata__", one)]));
        Assert.Throws<ArgumentException>(() =>
            Safetensors.Write(path, [], new Dictionary<string, string> { ["sha256"] = "" })
        );
        Assert.Throws<ArgumentException>(() => SafetensorsArray.Of(bytes, 2, 2));
        Assert.Throws<ArgumentException>(() => SafetensorsArray.Of(bytes, -1, -3));
        Assert.False(File.Exists(path));
    }

    private static void Write(string path) =>
        Safetensors.Write(
            path,
            [
                new("player/x", SafetensorsArray.Of(doubles, 2, 3)),
                new("f", SafetensorsArray.Of(singles)),
                new("i", SafetensorsArray.Of(signed, 1, 2, 1)),
                new("ü \"u\"", SafetensorsArray.Of(unsigned)),
                new("b", SafetensorsArray.Of(bytes)),
                new("none", SafetensorsArray.Of(Array.Empty<double>(), 0, 4)),
            ],
            new Dictionary<string, string> { ["step"] = "12" }
        );

    private static string Raw(TemporaryFolder folder, string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var path = folder.Of("raw.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. data]);
        return path;
    }
}
