package ductape

// A Warning is one thing an importer could not carry over, and where it stood.
type Warning struct {
	Code    string `json:"code"`
	Where   string `json:"where"` // JSON pointer into the description
	Message string `json:"message"`
}
