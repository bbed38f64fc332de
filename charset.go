package ductape

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonText is the bytes of JSON in UTF-8, without a byte order mark (RFC 8259,
// 8.1, lets readers pass over it). JSON is UTF-8 and has no charset; where the
// bytes are not UTF-8, what their Content-Type calls them is the next best.
func jsonText(b []byte, contentType string) ([]byte, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return b[3:], nil
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return fromUTF16(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return fromUTF16(b[2:], binary.BigEndian)
	}
	if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 { // UTF-16 has zeros
		return b, nil
	}
	_, params, _ := mime.ParseMediaType(contentType)
	switch charset := strings.ToLower(params["charset"]); charset {
	case "utf-16le":
		return fromUTF16(b, binary.LittleEndian)
	case "utf-16be", "utf-16": // without a mark: big-endian (RFC 2781, 4.3)
		return fromUTF16(b, binary.BigEndian)
	case "iso-8859-1", "latin1", "windows-1252":
		return fromLatin(b), nil
	default:
		return nil, fmt.Errorf("the answer is not in UTF-8, and its Content-Type %q names no charset that is read here; Bytes gives it as it is", contentType)
	}
}

// fromLatin reads ISO-8859-1 as windows-1252, which is what is meant by either
// name (WHATWG Encoding Standard, 4.2).
func fromLatin(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/4)
	for _, c := range b {
		r := rune(c)
		if c >= 0x80 && c < 0xa0 {
			r = windows1252[c-0x80]
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// windows1252 is what 0x80 to 0x9F are there; the five it does not define stay
// the control characters they are in ISO-8859-1.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

func fromUTF16(b []byte, order binary.ByteOrder) ([]byte, error) {
	if len(b)%2 != 0 {
		return nil, fmt.Errorf("the answer is announced as UTF-16 and breaks off within a character")
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return []byte(string(utf16.Decode(units))), nil
}
