"""How files are put together: text in any encoding, HTML, XML, RTF, Word, files in files."""
