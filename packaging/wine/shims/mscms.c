/* For tests under Wine 8 only, never shipped: the functions of mscms.dll that Qt's window plugin
 * asks for. All fail softly, and Qt takes sRGB. */
#define EXPORT __declspec(dllexport)
EXPORT int GetColorProfileFromHandle(void *profile, void *buffer, void *size) { return 0; }
EXPORT int CloseColorProfile(void *profile) { return 0; }
EXPORT void *WcsCreateIccProfile(void *profile, unsigned options) { return 0; }
EXPORT void *OpenColorProfileW(void *profile, unsigned access, unsigned share, unsigned create)
{
    return 0;
}
