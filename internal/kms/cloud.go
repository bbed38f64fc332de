//go:build kms

package kms

import (
	"context"

	"gocloud.dev/gcerrors"
	"gocloud.dev/secrets"
	_ "gocloud.dev/secrets/awskms"        // awskms://
	_ "gocloud.dev/secrets/azurekeyvault" // azurekeyvault://
	_ "gocloud.dev/secrets/gcpkms"        // gcpkms://
	_ "gocloud.dev/secrets/localsecrets"  // base64key://
)

func init() {
	openCloud = func(ctx context.Context, url string) (keeper, error) {
		k, err := secrets.OpenKeeper(ctx, url)
		if err != nil { // its text may hold the URL, and that a key
			return nil, bad("master key: the key service's URL does not open").WithHint("see gocloud.dev/howto/secrets for the form of each")
		}
		return cloud{k}, nil
	}
}

type cloud struct{ *secrets.Keeper }

// Decrypt tells what was changed from a service that does not answer.
func (c cloud) Decrypt(ctx context.Context, sealed []byte) ([]byte, error) {
	plain, err := c.Keeper.Decrypt(ctx, sealed)
	if gcerrors.Code(err) == gcerrors.InvalidArgument {
		return nil, errRefused
	}
	return plain, err
}
