"""More institutions, for the large demo: ministries, agencies and provinces that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from processes.people.institutions import Details

MINISTRIES: Final = {
    "kemendagri": "Dalam Negeri", "kemlu": "Luar Negeri", "kemenag": "Agama",
    "kemenkum": "Hukum", "kemenham": "Hak Asasi Manusia",
    "kemenimipas": "Imigrasi dan Pemasyarakatan", "kemendikdasmen": "Pendidikan Dasar dan Menengah",
    "kemdiktisaintek": "Pendidikan Tinggi, Sains, dan Teknologi", "kemenbud": "Kebudayaan",
    "kemenkes": "Kesehatan", "kemensos": "Sosial", "kemnaker": "Ketenagakerjaan",
    "kp2mi": "Pelindungan Pekerja Migran Indonesia", "kemenesdm": "Energi dan Sumber Daya Mineral",
    "kemenpu": "Pekerjaan Umum", "kemenpkp": "Perumahan dan Kawasan Permukiman",
    "kemendes": "Desa dan Pembangunan Daerah Tertinggal", "kementrans": "Transmigrasi",
    "kemenhub": "Perhubungan", "komdigi": "Komunikasi dan Digital", "kementan": "Pertanian",
    "kemenhut": "Kehutanan", "kkp": "Kelautan dan Perikanan", "atr-bpn": "Agraria dan Tata Ruang",
    "kemenpanrb": "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi",
    "kemensetneg": "Sekretariat Negara", "klh": "Lingkungan Hidup", "kemenkop": "Koperasi",
    "kemenumkm": "Usaha Mikro, Kecil, dan Menengah", "kemenpar": "Pariwisata",
    "kemenekraf": "Ekonomi Kreatif",
    "kemenpppa": "Pemberdayaan Perempuan dan Pelindungan Anak", "kemenpora": "Pemuda dan Olahraga",
    "kemendukbangga": "Kependudukan dan Pembangunan Keluarga",
    "kemeninvest": "Investasi dan Hilirisasi",
}  # fmt: skip
"""Code -> the words after "Kementerian"."""
AGENCIES: Final = {
    "bin": "Badan Intelijen Negara", "bssn": "Badan Siber dan Sandi Negara",
    "bakamla": "Badan Keamanan Laut", "bnpt": "Badan Nasional Penanggulangan Terorisme",
    "bnn": "Badan Narkotika Nasional", "bnpb": "Badan Nasional Penanggulangan Bencana",
    "basarnas": "Badan Nasional Pencarian dan Pertolongan",
    "bnpp": "Badan Nasional Pengelola Perbatasan",
    "bps": "Badan Pusat Statistik", "big": "Badan Informasi Geospasial",
    "bmkg": "Badan Meteorologi, Klimatologi, dan Geofisika",
    "bpom": "Badan Pengawas Obat dan Makanan",
    "bsn": "Badan Standardisasi Nasional", "bapeten": "Badan Pengawas Tenaga Nuklir",
    "bpkp": "Badan Pengawasan Keuangan dan Pembangunan", "bkn": "Badan Kepegawaian Negara",
    "lan": "Lembaga Administrasi Negara", "anri": "Arsip Nasional Republik Indonesia",
    "lkpp": "Lembaga Kebijakan Pengadaan Barang/Jasa Pemerintah",
    "perpusnas": "Perpustakaan Nasional",
    "lemhannas": "Lembaga Ketahanan Nasional", "dpn": "Dewan Pertahanan Nasional",
    "bapanas": "Badan Pangan Nasional",
    "bgn": "Badan Gizi Nasional", "bph-migas": "Badan Pengatur Hilir Migas",
    "kejagung": "Kejaksaan Agung", "ppatk": "Pusat Pelaporan dan Analisis Transaksi Keuangan",
    "ksp": "Kantor Staf Presiden", "bpjph": "Badan Penyelenggara Jaminan Produk Halal",
    "bp-batam": "Badan Pengusahaan Batam",
}  # fmt: skip
PROVINCES: Final = (
    "Aceh", "Sumatera Utara", "Sumatera Barat", "Riau", "Jambi", "Sumatera Selatan", "Bengkulu",
    "Lampung", "Kepulauan Riau", "DKI Jakarta", "Jawa Barat", "Jawa Tengah", "DI Yogyakarta",
    "Jawa Timur", "Banten", "Bali", "Nusa Tenggara Barat", "Nusa Tenggara Timur",
    "Kalimantan Barat", "Kalimantan Tengah", "Kalimantan Selatan", "Kalimantan Timur",
    "Kalimantan Utara", "Sulawesi Utara", "Sulawesi Tengah", "Sulawesi Selatan",
)  # fmt: skip


def bodies(most: int) -> dict[str, Details]:
    """The first of these institutions, by code."""
    found = dict(list(_all())[:most])
    assert len(found) == most, f"only {len(found)} more institutions are known"
    return found


def _all() -> Iterator[tuple[str, Details]]:
    for code, name in MINISTRIES.items():
        yield code, Details(f"Kementerian {name}", _short(code), "ministry")
    for code, name in AGENCIES.items():
        yield code, Details(name, _short(code), "agency")
    for name in PROVINCES:
        code = f"pemprov-{name.lower().replace(' ', '-')}"
        whole = f"Pemerintah Provinsi {name}"
        yield code, Details(whole, f"Pemprov {name}", "committee", is_kl=False)


def _short(code: str) -> str:
    """The institution's name in lists: Kemendagri, BSSN."""
    long = len(code) > 5 and "-" not in code
    return code.capitalize() if long or code.startswith("kem") else code.upper()
