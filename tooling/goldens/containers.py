"""Writes packages/io/src/**/*.golden.json: files as torch, numpy and gguf-py write them, and what they hold.

Usage: python tooling/goldens/containers.py [FOLDER]      (torch 2.13, numpy 2.4, gguf 0.19)

FOLDER is that of the real files; with it, real-files.golden.json gets the digest of each checkpoint that torch and
numpy read.
"""

import base64
import collections
import hashlib
import io
import json
import pathlib
import sys
import tempfile
import zipfile

import gguf
import numpy
import torch

OUT = pathlib.Path(__file__).parents[2] / "packages/io/src"
NAMES = {
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "bfloat16": "bf16",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "int8": "i8",
    "uint64": "u64",
    "uint32": "u32",
    "uint16": "u16",
    "uint8": "u8",
    "bool": "bool",
    "float8_e4m3fn": "f8e4m3",
    "float8_e5m2": "f8e5m2",
    "float8_e4m3fnuz": "f8e4m3fnuz",
    "float8_e5m2fnuz": "f8e5m2fnuz",
    "complex64": "C64",
}


def text(data):
    return base64.b64encode(data).decode()


def write(path, value):
    (OUT / path).write_text(json.dumps(value, indent=1) + "\n")


def torch_bytes(tensor):
    dense = tensor.detach().contiguous().reshape(-1)
    return dense.view(torch.uint8).numpy().tobytes() if dense.numel() else b""


def described(tensor):
    """dtype, shape and dense little-endian bytes."""
    if isinstance(tensor, torch.Tensor):
        return [NAMES[str(tensor.dtype)[6:]], list(tensor.shape), text(torch_bytes(tensor))]
    little = numpy.asarray(tensor, order="C")
    little = little.astype(little.dtype.newbyteorder("<"))
    return [NAMES[little.dtype.name], list(tensor.shape), text(little.tobytes())]


def typed_tensors(names):
    values = torch.arange(-3, 9).reshape(3, 4)
    for name in names:
        dtype = getattr(torch, name)
        yield name, (values.abs() if name.startswith("uint") else values).to(torch.float32).to(dtype)


def views():
    base = torch.arange(60, dtype=torch.float32).reshape(5, 12)
    return {
        "base": base,
        "transposed": base.t(),
        "columns": base[:, 2:11:3],
        "tail": base[3:],
        "permuted": torch.arange(24, dtype=torch.int16).reshape(2, 3, 4).permute(2, 0, 1),
        "expanded": torch.tensor([[1.5], [2.5]]).expand(2, 3),
        "scalar": torch.tensor(7, dtype=torch.int64),
        "empty": torch.zeros(0, 4),
        "halves": torch.arange(6).to(torch.bfloat16).reshape(2, 3).t(),
        "parameter": torch.nn.Parameter(torch.ones(2, 2)),
    }


def plain():
    return {
        "epoch": 3,
        "loss": 0.25,
        "note": "naïve “quoted”",
        "flag": True,
        "nothing": None,
        "large": 2**70,
        "negative": -(2**40),
        "raw": b"\x00\xff",
        "sizes": torch.Size([2, 3]),
        "dtype": torch.float16,
        "device": torch.device("cpu"),
        "numpy": numpy.float64(1.5),
        "set": {5},
        "ordered": collections.OrderedDict(a=1),
        "counter": collections.Counter({7: 2}),
        "list": [1, "two", 3.5],
        "many": list(range(70)),
        "nested": [{"deep": (1, 2)}],
    }


PLAIN = {
    "epoch": "3",
    "loss": "0.25",
    "note": "naïve “quoted”",
    "flag": "true",
    "nothing": "null",
    "large": str(2**70),
    "negative": str(-(2**40)),
    "raw": "2 bytes",
    "sizes": "[2, 3]",
    "dtype": "torch.float16",
    "device": "cpu",
    "numpy": "1.5",
    "set": "[5]",
    "ordered.a": "1",
    "counter.7": "2",
    "list": '[1, "two", 3.5]',
    "many": "list of 70 values",
    "nested.0.deep": "[1, 2]",
}


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def repacked(data, compression, change=lambda name, content: content):
    """The same archive, each member changed and packed again."""
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return buffer.getvalue()


def big_endian(name, content):
    if name.endswith("/byteorder"):
        return b"big"
    return numpy.frombuffer(content, "<f4").byteswap().tobytes() if "/data/" in name else content


def torch_goldens():
    old = [name for name in NAMES if not name.startswith("float8") and name not in ("uint64", "uint32", "uint16")]
    tensors = {**dict(typed_tensors(NAMES)), **views()}
    legacy = {**dict(typed_tensors(old)), **views()}
    floats = {"a": torch.arange(6, dtype=torch.float32).reshape(2, 3), "b": torch.tensor([0.5, -2.0])}
    nested = {"model": {"layer": floats}, "optimizer": {"state": {0: {"exp_avg": torch.ones(2)}}}, "step": 9}
    everything = {**tensors, **plain()}
    expected = {name: described(tensor) for name, tensor in tensors.items()}
    expected_legacy = {name: described(tensor) for name, tensor in legacy.items()}
    expected_floats = {name: described(tensor) for name, tensor in floats.items()}
    expected_nested = {
        **{f"layer.{name}": described(tensor) for name, tensor in floats.items()},
        "optimizer.state.0.exp_avg": described(torch.ones(2)),
    }
    old_format = {"_use_new_zipfile_serialization": False}
    files = {}
    for protocol in (2, 3, 4, 5):
        files[f"zip, protocol {protocol}"] = (saved(everything, pickle_protocol=protocol), expected, PLAIN)
    for protocol in (2, 4):
        data = saved({**legacy, **plain()}, pickle_protocol=protocol, **old_format)
        files[f"legacy, protocol {protocol}"] = (data, expected_legacy, PLAIN)
    files["deflated"] = (repacked(saved(everything), zipfile.ZIP_DEFLATED), expected, PLAIN)
    files["big-endian"] = (repacked(saved(floats), zipfile.ZIP_STORED, big_endian), expected_floats, {})
    files["nested"] = (saved(nested), expected_nested, {"step": "9", "torch.wrapper": "model"})
    files["one tensor"] = (saved(floats["a"]), {"made": expected_floats["a"]}, {})
    files["a list"] = (saved([floats["a"], floats["b"]]), {"0": expected_floats["a"], "1": expected_floats["b"]}, {})
    return {
        name: {"file": text(data), "tensors": tensors, "metadata": metadata}
        for name, (data, tensors, metadata) in files.items()
    }


def npy(array, **options):
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, array, **options)
    return buffer.getvalue()


def numpy_goldens():
    values = numpy.arange(12).reshape(3, 4)
    arrays = {name: values.astype(name) for name in NAMES if hasattr(numpy, name) and name not in ("bfloat16", "bool")}
    arrays |= {
        "bool": values > 5,
        "fortran": numpy.asfortranarray(values.astype("f4")),
        "fortran3": numpy.asfortranarray(numpy.arange(24, dtype="u2").reshape(2, 3, 4)),
        "big": values.astype(">f8"),
        "bigfortran": numpy.asfortranarray(values.astype(">i2")),
        "bigcomplex": values.astype(">c8"),
        "scalar": numpy.array(2.5, "f2"),
        "empty": numpy.zeros((0, 3), "f4"),
        "vector": numpy.arange(5, dtype="f4"),
    }
    goldens = {}
    for compress, save in (("stored", numpy.savez), ("deflated", numpy.savez_compressed)):
        buffer = io.BytesIO()
        save(buffer, **arrays)
        tensors = {name: described(array) for name, array in arrays.items()}
        goldens[f"npz, {compress}"] = {"file": text(buffer.getvalue()), "tensors": tensors}
    for version in ((1, 0), (2, 0), (3, 0)):
        data = npy(arrays["float32"], version=version)
        goldens[f"npy {version[0]}"] = {"file": text(data), "tensors": {"made": described(arrays["float32"])}}
    return goldens


def gguf_file(endian):
    path = tempfile.mktemp(suffix=".gguf")
    writer = gguf.GGUFWriter(path, "llama", endianess=endian)
    for name in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"):
        getattr(writer, f"add_{name}")(f"kv.{name}", 0.1 if "float" in name else 7 if name[0] == "u" else -7)
    writer.add_bool("kv.bool", True)
    writer.add_string("kv.string", "naïve")
    writer.add_array("kv.strings", ["a", "b"])
    writer.add_array("kv.numbers", [1, 2, 3])
    writer.add_array("kv.many", [f"token {i}" for i in range(100)])
    writer.add_array("kv.empty", [])
    tensors = {
        "f32": numpy.arange(6, dtype="f4").reshape(2, 3),
        "f16": numpy.arange(4, dtype="f2"),
        "f64": numpy.arange(4, dtype="f8").reshape(1, 2, 2),
        "i8": numpy.arange(-2, 2, dtype="i1"),
        "i16": numpy.arange(-2, 2, dtype="i2"),
        "i32": numpy.arange(-2, 2, dtype="i4"),
        "i64": numpy.arange(-2, 2, dtype="i8"),
    }
    expected = {name: described(array) for name, array in tensors.items()}
    for name, array in tensors.items():
        writer.add_tensor(name, array)
    if endian == gguf.GGUFEndian.LITTLE:
        random = numpy.random.default_rng(3).normal(0, 1, (2, 64)).astype("f4")
        for name in ("Q8_0", "Q4_0", "Q5_1", "BF16"):
            kind = gguf.GGMLQuantizationType[name]
            stored = gguf.quants.quantize(random, kind)
            writer.add_tensor(name, stored, raw_dtype=kind)
            expected[name] = [name.lower(), [2, 64], text(stored.tobytes())]
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return {"file": text(pathlib.Path(path).read_bytes()), "tensors": expected}


def digest(tensors):
    """One sha256 of all names, types, shapes and bytes, in the order of the names."""
    whole = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        dtype, shape, data = described(tensor)
        whole.update(f"{name} {dtype} {shape} ".replace(", ", ",").encode() + base64.b64decode(data))
    return whole.hexdigest()


def flattened(value, name, found):
    if isinstance(value, torch.Tensor):
        found[name] = value
    elif isinstance(value, dict):
        for key, item in value.items():
            flattened(item, f"{name}.{key}" if name else str(key), found)
    elif isinstance(value, (list, tuple)):
        for key, item in enumerate(value):
            flattened(item, f"{name}.{key}" if name else str(key), found)
    return found


def weights(path):
    value = torch.load(path, weights_only=True)
    if isinstance(value, torch.Tensor):
        return {path.stem: value}
    tops = value.values() if isinstance(value, dict) else []
    if not any(isinstance(item, torch.Tensor) for item in tops) and isinstance(value, dict):
        for key in ("state_dict", "model_state_dict", "model", "module"):
            if isinstance(value.get(key), dict):
                rest = {other: item for other, item in value.items() if other != key}
                return flattened({**value[key], **rest}, "", {})
    return flattened(value, "", {})


def real_files(folder):
    digests = {}
    for path in sorted(folder.glob("**/*")):
        if path.suffix == ".npz":
            digests[str(path.relative_to(folder))] = digest(dict(numpy.load(path)))
        if path.suffix in (".pt", ".pth", ".bin"):
            try:
                tensors = weights(path)
            except Exception:
                continue
            digests[str(path.relative_to(folder))] = digest(tensors)
    return digests


def main():
    write("torch/torch.golden.json", torch_goldens())
    write("numpy/numpy.golden.json", numpy_goldens())
    little, big = gguf_file(gguf.GGUFEndian.LITTLE), gguf_file(gguf.GGUFEndian.BIG)
    write("gguf/gguf.golden.json", {"little-endian": little, "big-endian": big})
    if len(sys.argv) > 1:
        write("node/real-files.golden.json", real_files(pathlib.Path(sys.argv[1])))


if __name__ == "__main__":
    main()
